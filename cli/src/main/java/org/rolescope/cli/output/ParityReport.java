package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rolescope.tensors.bundle.ModelRuntime;
import org.rolescope.tensors.bundle.ParityCertificate;
import org.rolescope.tensors.bundle.ParityCertificate.TapParity;

/** What verification found, as a table and a sentence. */
public final class ParityReport {
  private static final String LOGITS = "logits";
  private static final String PATTERN = "pattern";
  private static final List<String> LAYER_TAPS = List.of("value_norm", PATTERN, "z", "resid_post");

  private final PrintWriter out;

  /** Prints to this writer. */
  public ParityReport(PrintWriter out) {
    this.out = out;
  }

  /** Prints the largest difference at every tap of every layer. */
  public void printTable(ParityCertificate certificate) {
    Map<Integer, Map<String, TapParity>> layers =
        certificate.taps().stream()
            .filter(tap -> !tap.tap().equals(LOGITS))
            .collect(
                Collectors.groupingBy(
                    TapParity::layer, TreeMap::new, Collectors.toMap(TapParity::tap, tap -> tap)));
    List<com.github.freva.asciitable.ColumnData<Map.Entry<Integer, Map<String, TapParity>>>>
        columns = new ArrayList<>();
    columns.add(new Column().header("Layer").with(layer -> layer.getKey().toString()));
    for (String tap : layerTaps(certificate)) {
      columns.add(new Column().header(tap).with(layer -> cell(layer.getValue().get(tap))));
    }
    out.println("Largest difference from the checkpoint; all but pattern: of their range");
    out.println(
        AsciiTable.builder()
            .border(Tables.BORDER)
            .data(List.copyOf(layers.entrySet()), columns)
            .asString());
    out.printf("logits: %s%n", cell(worst(certificate, LOGITS)));
    out.printf(
        "Over %d prompts, in %s. ! marks what is over its tolerance: pattern %.0e, others %.0e.%n%n",
        certificate.promptCount(),
        runtime(certificate),
        worst(certificate, PATTERN).tolerance(),
        worst(certificate, LOGITS).tolerance());
  }

  /** What ran it; the processor in single precision goes without saying. */
  private static String runtime(ParityCertificate certificate) {
    return certificate.holdsOn(ModelRuntime.CPU, ModelRuntime.FLOAT32)
        ? certificate.runtime()
        : "%s on %s in %s"
            .formatted(certificate.runtime(), certificate.device(), certificate.computeType());
  }

  /** Prints the verdict on a model with the worst figures, and where the first difference is. */
  public void printVerdict(String model, ParityCertificate certificate) {
    out.printf(
        "Parity of %s: %s (largest difference: %s)%n",
        model,
        certificate.verdict(),
        Stream.concat(layerTaps(certificate).stream(), Stream.of(LOGITS))
            .map(tap -> figure(worst(certificate, tap)))
            .collect(Collectors.joining(", ")));
    if (certificate.firstDifference() != null) {
      out.printf("First difference: %s%n", certificate.firstDifference());
    }
    out.flush();
  }

  /** The taps of a layer that were compared, in the order they run. */
  private static List<String> layerTaps(ParityCertificate certificate) {
    return LAYER_TAPS.stream()
        .filter(tap -> certificate.taps().stream().anyMatch(each -> each.tap().equals(tap)))
        .toList();
  }

  /** The largest error at a tap over all layers; NaN is larger than any number. */
  private static TapParity worst(ParityCertificate certificate, String tap) {
    return certificate.taps().stream()
        .filter(each -> each.tap().equals(tap))
        .reduce((one, other) -> Double.compare(other.maxError(), one.maxError()) > 0 ? other : one)
        .orElse(new TapParity(tap, 0, Double.NaN, 0));
  }

  private static String figure(TapParity tap) {
    return tap.tap() + " " + number(tap);
  }

  private static String cell(TapParity tap) {
    if (tap == null) {
      return "";
    }
    return number(tap) + (tap.maxError() <= tap.tolerance() ? " " : "!");
  }

  private static String number(TapParity tap) {
    return String.format(Locale.ROOT, "%.1e", tap.maxError());
  }
}
