package org.rolescope.metrics.confound;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rolescope.metrics.contrast.LayerNames;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.role.EntropyNames;
import org.rolescope.metrics.role.RoleIndex;

/**
 * The sentence on which findings about one index survive the controls.
 *
 * @param index the index
 * @param findings the index in every layer
 * @param controls the kinds of entropy to control with
 * @param conclusion what is said of layers that support one
 */
record Survival(
    RoleIndex index, List<Finding> findings, List<EntropyKind> controls, Conclusion conclusion) {
  Survival {
    requireNonNull(index, "index is null");
    findings = findings.stream().filter(Finding::conclusive).toList();
    controls = List.copyOf(controls);
    requireNonNull(conclusion, "conclusion is null");
  }

  /** How many layers survive every control, and which do not survive which. */
  String sentence() {
    if (findings.isEmpty()) {
      return "%s: no layer %s, so there is nothing to control."
          .formatted(index, conclusion.ofOne());
    }
    String total = index + ": " + conclusion.of(findings.size());
    if (controls.isEmpty()) {
      return total + "; whether that survives a control is unknown, because none was measured.";
    }
    long surviving = where(this::survivesAll).count();
    String survivors =
        "%s, %d of which %s every control (%s entropy)"
            .formatted(
                total,
                surviving,
                surviving == 1 ? "survives" : "survive",
                EntropyNames.of(controls));
    return surviving == findings.size() ? survivors + "." : survivors + "; " + lost() + ".";
  }

  /** For example {@code lost are layers 2 and 3 under length-normalised, layer 2 under ...}. */
  private String lost() {
    return controls.stream()
        .filter(control -> !findings.stream().allMatch(finding -> finding.survives(control)))
        .map(control -> LayerNames.of(lostUnder(control)) + " under " + EntropyNames.of(control))
        .collect(Collectors.joining(", ", "lost: ", ""));
  }

  private List<Integer> lostUnder(EntropyKind control) {
    return where(finding -> !finding.survives(control)).map(Finding::layer).toList();
  }

  private boolean survivesAll(Finding finding) {
    return controls.stream().allMatch(finding::survives);
  }

  private Stream<Finding> where(Predicate<Finding> condition) {
    return findings.stream().filter(condition);
  }
}
