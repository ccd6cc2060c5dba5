package org.rolescope.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.MlpIntervention;
import org.rolescope.v1.UniformPattern;
import picocli.CommandLine.Option;

/** What to take out of a model while it runs. */
final class AblationOptions {
  private static final Pattern HEADS = Pattern.compile("(\\d{1,6})(?:\\.(\\d{1,6}))?");
  private static final Pattern LAYER = Pattern.compile("\\d{1,6}");

  @Option(
      names = "--zero-out",
      paramLabel = "L.H",
      description =
          "Take out head H of layer L, counting from 0; L alone means all its heads. "
              + "This and the next three may be given several times.")
  private List<String> zeroOut = List.of();

  @Option(
      names = "--half-out",
      paramLabel = "L.H",
      description = "Halve the attention pattern of the head.")
  private List<String> halfOut = List.of();

  @Option(
      names = "--uniform",
      paramLabel = "L.H",
      description = "Have the head attend equally to all tokens it sees.")
  private List<String> uniform = List.of();

  @Option(names = "--zero-out-mlp", paramLabel = "L", description = "Take out the MLP of layer L.")
  private List<String> zeroOutMlp = List.of();

  /**
   * What these options say, in the contract's form.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a place cannot be read
   */
  List<Intervention> interventions() {
    List<Intervention> all = new ArrayList<>();
    zeroOut.forEach(place -> all.add(heads("--zero-out", place, head -> head.setPatternScale(0))));
    halfOut.forEach(
        place -> all.add(heads("--half-out", place, head -> head.setPatternScale(0.5f))));
    uniform.forEach(
        place ->
            all.add(
                heads(
                    "--uniform",
                    place,
                    head -> head.setUniform(UniformPattern.getDefaultInstance()))));
    zeroOutMlp.forEach(place -> all.add(mlp(place)));
    return all;
  }

  /** The same as names: those the published study gives the folders of its ablations. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    zeroOut.forEach(place -> names.add(name(place, "zero_out")));
    halfOut.forEach(place -> names.add(name(place, "half_out")));
    uniform.forEach(place -> names.add(name(place, "uniform")));
    zeroOutMlp.forEach(place -> names.add("mlp_%s_zero_out".formatted(place)));
    return names;
  }

  private static String name(String place, String method) {
    return place.contains(".")
        ? "sh_%s_%s".formatted(place.replace('.', '_'), method)
        : "ah_%s_%s".formatted(place, method);
  }

  private static Intervention heads(
      String option, String place, Consumer<HeadIntervention.Builder> method) {
    Matcher matcher = HEADS.matcher(place);
    if (!matcher.matches()) {
      throw invalid(
          "%s names the head `%s`; give a layer and a head, for example 3.1"
              .formatted(option, place));
    }
    HeadIntervention.Builder heads = HeadIntervention.newBuilder();
    if (matcher.group(2) != null) {
      heads.addHeads(Integer.parseInt(matcher.group(2)));
    }
    method.accept(heads);
    return Intervention.newBuilder()
        .setLayer(Integer.parseInt(matcher.group(1)))
        .setHeads(heads)
        .build();
  }

  private static Intervention mlp(String place) {
    if (!LAYER.matcher(place).matches()) {
      throw invalid("--zero-out-mlp names the layer `%s`; give a number".formatted(place));
    }
    return Intervention.newBuilder()
        .setLayer(Integer.parseInt(place))
        .setMlp(MlpIntervention.newBuilder().setScale(0))
        .build();
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}
