package org.rolescope.cli.output;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rolescope.v1.Model;
import org.rolescope.v1.RunResults;

/** Words for models whose weights were quantised before they were exported. */
final class Quantisation {
  private Quantisation() {}

  /** The types; empty for weights as trained. */
  static String types(Model model) {
    return String.join(", ", model.getQuantisationList());
  }

  /** A sentence for each model of a run whose weights were quantised. */
  static List<String> sentences(RunResults results) {
    return Stream.of(
            Optional.of(results.getBaseModel()).filter(_ -> results.hasBaseModel()),
            Optional.of(results.getInstructModel()).filter(_ -> results.hasInstructModel()))
        .flatMap(Optional::stream)
        .filter(model -> model.getQuantisationCount() > 0)
        .map(
            model ->
                "Weights of %s were quantised (%s): these numbers are those of the quantised model."
                    .formatted(model.getName(), types(model)))
        .toList();
  }
}
