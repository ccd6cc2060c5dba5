package org.rolescope.orchestrator.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.client.RoleOptionsMessage;
import org.rolescope.orchestrator.execute.RunState;
import org.rolescope.orchestrator.plan.EntropyName;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.view.CrossModel.Statistic;
import org.rolescope.v1.EntropyKind;

/** Reads what stands in a query. Each throws INVALID_ARGUMENT where it makes no sense. */
final class Questions {
  private Questions() {}

  /** A kind of entropy, with dashes or underscores. */
  static EntropyKind entropy(Optional<String> name, EntropyName otherwise) {
    return RoleOptionsMessage.kind(
        name.filter(text -> !text.isEmpty())
            .map(text -> EntropyName.of(text.replace('_', '-')))
            .orElse(otherwise));
  }

  /** Layers, apart by commas. */
  static List<Integer> layers(Optional<String> list) {
    return list(list, Questions::layer);
  }

  /** Runs, apart by commas. */
  static List<RunId> runs(Optional<String> list) {
    return list(list, RunId::new);
  }

  /** An estimator. */
  static Statistic statistic(Optional<String> name) {
    return name.map(text -> named("statistic", text, Statistic.values()))
        .orElse(Statistic.RATIO_OF_SUMS);
  }

  /** A state of runs. */
  static Optional<RunState> state(Optional<String> name) {
    return name.map(text -> named("state", text, RunState.values()));
  }

  /** How many candidates; 0: all. */
  static int topK(Optional<String> count) {
    int topK = number("top_k", count).orElse(0);
    if (topK < 0) {
      throw invalid("top_k is %d; give how many candidates, or 0 for all".formatted(topK));
    }
    return topK;
  }

  /** A whole number. */
  static Optional<Integer> number(String parameter, Optional<String> text) {
    try {
      return text.map(Integer::valueOf);
    } catch (NumberFormatException none) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "%s is `%s`; give a whole number".formatted(parameter, text.orElseThrow()),
          none);
    }
  }

  private static <T> List<T> list(Optional<String> list, Function<String, T> each) {
    return list.filter(text -> !text.isBlank()).stream()
        .flatMap(text -> Arrays.stream(text.split(",")))
        .map(String::strip)
        .map(each)
        .toList();
  }

  private static int layer(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException none) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "`%s` in layers is no number; give layers apart by commas, such as 0,5,10"
              .formatted(text),
          none);
    }
  }

  private static <E extends Enum<E>> E named(String parameter, String text, E[] values) {
    return Arrays.stream(values)
        .filter(value -> word(value).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                invalid(
                    "%s is `%s`; use one of %s"
                        .formatted(
                            parameter,
                            text,
                            String.join(
                                ", ", Arrays.stream(values).map(Questions::word).toList()))));
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static RolescopeException invalid(String sentence) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, sentence);
  }
}
