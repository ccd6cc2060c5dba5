package org.rolescope.metrics.confound;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.rolescope.metrics.contrast.LayerNames;
import org.rolescope.metrics.entropy.EntropyKind;
import org.rolescope.metrics.role.RoleIndex;
import org.rolescope.metrics.role.RoleOptions;
import org.rolescope.metrics.role.RolePrompts;

/**
 * Says in one paragraph which conclusions survive, whether lengths are balanced, where attention
 * rests on the first token, and where heads are degenerate. The same numbers give the same words.
 */
final class ConfoundVerdict {
  /** A layer that gives more of its attention to key 0 is named. */
  private static final double LARGE_SINK = 0.5;

  private final RoleOptions options;
  private final List<String> sentences = new ArrayList<>();

  private ConfoundVerdict(RoleOptions options) {
    this.options = options;
  }

  /**
   * The paragraph.
   *
   * @param options the options that made the numbers
   * @param findings both indices in every layer
   * @param lengths what is known of lengths
   * @param layers what the layers hold besides roles; at least one
   */
  static String of(
      RoleOptions options,
      List<Finding> findings,
      PromptLengths lengths,
      List<LayerConfounds> layers) {
    ConfoundVerdict verdict = new ConfoundVerdict(options);
    boolean compared = layers.getFirst().instruct().isPresent();
    verdict.survival(findings, compared);
    verdict.lengths(lengths);
    verdict.sink(layers, compared);
    verdict.degenerate(layers, compared);
    return String.join(" ", verdict.sentences);
  }

  private void survival(List<Finding> findings, boolean compared) {
    List<EntropyKind> controls =
        Arrays.stream(EntropyKind.values())
            .filter(kind -> !kind.isRequired() && kind != options.entropy())
            .filter(kind -> findings.stream().anyMatch(finding -> finding.has(kind)))
            .toList();
    Conclusion conclusion = compared ? Conclusion.difference(options) : Conclusion.NOT_ZERO;
    for (RoleIndex index : RolePrompts.of(options).indices()) {
      sentences.add(
          new Survival(
                  index,
                  findings.stream().filter(finding -> finding.index() == index).toList(),
                  controls,
                  conclusion)
              .sentence());
    }
  }

  private void lengths(PromptLengths lengths) {
    boolean rfcBalanced = lengths.rfc().balanced();
    sentences.add(
        String.format(
            Locale.ROOT,
            "Self prompts are %.1f tokens long on average, neutral ones %.1f (Mann-Whitney %s)%s: lengths %s.",
            lengths.meanTokens(options.roles().self()),
            lengths.meanTokens(options.roles().neutral()),
            probability(lengths.rfc().pValue()),
            lengths.rsi().map(rsi -> confounder(lengths, rsi)).orElse(""),
            lengths
                .rsi()
                .map(rsi -> balance(rfcBalanced, rsi.balanced()))
                .orElse(rfcBalanced ? "count as balanced" : "are not balanced")));
    if (lengths.differBetweenModels()) {
      sentences.add("That is as base splits them; instruct splits some prompts otherwise.");
    }
  }

  private String confounder(PromptLengths lengths, LengthBalance rsi) {
    return String.format(
        Locale.ROOT,
        " and confounder ones %.1f (%s)",
        lengths.meanTokens(options.roles().confounder()),
        probability(rsi.pValue()));
  }

  private static String balance(boolean rfc, boolean rsi) {
    if (rfc == rsi) {
      return rfc ? "count as balanced" : "are not balanced, neither for RFC nor for RSI";
    }
    return "count as balanced for " + (rfc ? "RFC but not for RSI" : "RSI but not for RFC");
  }

  private void sink(List<LayerConfounds> layers, boolean compared) {
    boolean measured =
        layers.stream()
            .flatMap(layer -> layer.models().stream())
            .anyMatch(model -> !Double.isNaN(model.sinkMass()));
    String where = either(layers, compared, model -> model.sinkMass() > LARGE_SINK);
    if (!measured) {
      sentences.add("Attention to the first token was not measured.");
    } else if (where.isEmpty()) {
      sentences.add("No layer gives more than half of its attention to the first token.");
    } else {
      sentences.add("More than half of the attention rests on the first token in " + where + ".");
    }
  }

  private void degenerate(List<LayerConfounds> layers, boolean compared) {
    String some = either(layers, compared, model -> !model.degenerateHeads().isEmpty());
    String all =
        either(layers, compared, model -> model.degenerateHeads().size() == model.headCount());
    if (some.isEmpty()) {
      sentences.add("No head is degenerate.");
      return;
    }
    sentences.add(
        String.format(
            Locale.ROOT,
            "Degenerate heads, with a neutral entropy below %s nats, stand in %s%s.",
            options.degenerateBelowNats(),
            some,
            all.isEmpty() ? "" : "; there is no other head in " + all));
  }

  /** The layers where this holds for a model, by model where there are two; empty for none. */
  private static String either(
      List<LayerConfounds> layers, boolean compared, Predicate<ModelConfounds> condition) {
    String base = where(layers, LayerConfounds::base, condition);
    if (!compared) {
      return base;
    }
    String instruct = where(layers, layer -> layer.instruct().orElseThrow(), condition);
    List<String> both = new ArrayList<>();
    if (!base.isEmpty()) {
      both.add(base + " of base");
    }
    if (!instruct.isEmpty()) {
      both.add(instruct + " of instruct");
    }
    return String.join(" and ", both);
  }

  private static String where(
      List<LayerConfounds> layers,
      Function<LayerConfounds, ModelConfounds> model,
      Predicate<ModelConfounds> condition) {
    List<Integer> found =
        layers.stream()
            .filter(layer -> condition.test(model.apply(layer)))
            .map(LayerConfounds::layer)
            .toList();
    return found.isEmpty() ? "" : LayerNames.of(found);
  }

  private static String probability(double pValue) {
    return pValue < 0.0001 ? "p < 0.0001" : String.format(Locale.ROOT, "p = %.4f", pValue);
  }
}
