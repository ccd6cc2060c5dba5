package org.rolescope.orchestrator.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.rolescope.v1.EffectSize;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.HeadRoles;
import org.rolescope.v1.IndexDifference;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerIndex;
import org.rolescope.v1.LayerRoles;
import org.rolescope.v1.SampleMean;

/**
 * The columns of the table of layers: first the published ones, then ours. With two models each
 * column of one of them ends in its part, {@code _base} or {@code _instruct}.
 *
 * @param <R> what is known of a layer
 */
final class LayerColumns<R> {
  private final List<Side<R>> sides;
  private final List<Index<R>> differences;
  private final List<Column<R>> columns = new ArrayList<>();

  private LayerColumns(List<Side<R>> sides, List<Index<R>> differences) {
    this.sides = sides;
    this.differences = differences;
  }

  /** One of the models. */
  private record Side<R>(String suffix, Function<R, LayerRoles> roles) {}

  /** What is known of the difference of one index. */
  private record Index<R>(String name, Function<R, IndexDifference> difference) {}

  /** One index of one model. */
  private record Value<R>(String name, String suffix, Function<R, LayerIndex> of) {}

  /** The columns where two models are compared. */
  static List<Column<LayerContrast>> contrast() {
    LayerColumns<LayerContrast> all =
        new LayerColumns<>(
            List.of(
                new Side<>("_base", LayerContrast::getBase),
                new Side<>("_instruct", LayerContrast::getInstruct)),
            List.of(
                new Index<>("rfc", LayerContrast::getRfc),
                new Index<>("rsi", LayerContrast::getRsi)));
    all.whole("layer", LayerContrast::getLayer);
    all.published();
    all.ours();
    all.flag("unstable", LayerContrast::getUnstable);
    return List.copyOf(all.columns);
  }

  /** The columns where one model is measured. */
  static List<Column<LayerRoles>> single() {
    LayerColumns<LayerRoles> all =
        new LayerColumns<>(List.of(new Side<>("", Function.identity())), List.of());
    all.whole("layer", LayerRoles::getLayer);
    all.published();
    all.ours();
    return List.copyOf(all.columns);
  }

  private void published() {
    for (Side<R> side : sides) {
      values(side).forEach(this::sampleMean);
      Function<R, LayerIndex> rfc = values(side).getFirst().of();
      whole("n_heads" + side.suffix(), layer -> rfc.apply(layer).getReference().getCount());
    }
    for (Index<R> index : differences) {
      real(index.name() + "_diff", layer -> reference(index, layer).getValue());
    }
    for (Index<R> index : differences) {
      interval(index.name() + "_diff_ci_%s", layer -> reference(index, layer));
    }
  }

  private void sampleMean(Value<R> value) {
    Function<R, SampleMean> sample = layer -> value.of().apply(layer).getReference();
    String name = value.name() + "_%s" + value.suffix();
    real(name.formatted("mean"), layer -> sample.apply(layer).getMean());
    real(name.formatted("std"), layer -> sample.apply(layer).getStandardDeviation());
    real(name.formatted("ci_low"), layer -> sample.apply(layer).getConfidence().getLow());
    real(name.formatted("ci_high"), layer -> sample.apply(layer).getConfidence().getHigh());
  }

  private void ours() {
    for (int index = 0; index < 2; index++) {
      for (Side<R> side : sides) {
        oneModel(values(side).get(index));
      }
      if (!differences.isEmpty()) {
        difference(differences.get(index));
      }
    }
    sides.forEach(this::effectSize);
    for (Side<R> side : sides) {
      whole("degenerate_heads" + side.suffix(), layer -> degenerate(side.roles().apply(layer)));
    }
    for (Side<R> side : sides) {
      flag("unstable" + side.suffix(), layer -> side.roles().apply(layer).getUnstable());
    }
  }

  private void oneModel(Value<R> value) {
    String name = value.name();
    Function<R, LayerIndex> of = value.of();
    estimate(name + "_ratio_of_sums", value.suffix(), layer -> of.apply(layer).getRatioOfSums());
    real(name + "_head_median" + value.suffix(), layer -> of.apply(layer).getHeadMedian());
    estimate(
        name + "_prompt_index", value.suffix(), layer -> of.apply(layer).getReferencePromptIndex());
  }

  private void difference(Index<R> index) {
    String name = index.name() + "_diff_";
    Function<R, IndexDifference> of = index.difference();
    flag(name + "reference_significant", layer -> of.apply(layer).getReferenceSignificant());
    estimate(name + "ratio_of_sums", "", layer -> of.apply(layer).getRatioOfSums());
    real(name + "head_median", layer -> of.apply(layer).getHeadMedian());
    real(name + "p_value", layer -> of.apply(layer).getPValue());
    real(name + "q_value", layer -> of.apply(layer).getQValue());
    flag(name + "significant", layer -> of.apply(layer).getSignificant());
  }

  private void effectSize(Side<R> side) {
    Function<R, EffectSize> effect = layer -> EffectSizes.of(side.roles().apply(layer));
    real("cohens_d" + side.suffix(), layer -> effect.apply(layer).getCohensD());
    real("hedges_g" + side.suffix(), layer -> effect.apply(layer).getHedgesG());
  }

  private void estimate(String name, String suffix, Function<R, Estimate> estimate) {
    real(name + suffix, layer -> estimate.apply(layer).getValue());
    interval(name + "_ci_%s" + suffix, estimate);
  }

  private void interval(String name, Function<R, Estimate> estimate) {
    real(name.formatted("low"), layer -> estimate.apply(layer).getConfidence().getLow());
    real(name.formatted("high"), layer -> estimate.apply(layer).getConfidence().getHigh());
  }

  private void whole(String name, ToIntFunction<R> value) {
    columns.add(new Column.Whole<>(name, value));
  }

  private void real(String name, ToDoubleFunction<R> value) {
    columns.add(new Column.Real<>(name, value));
  }

  private void flag(String name, Predicate<R> value) {
    columns.add(new Column.Flag<>(name, value));
  }

  /** RFC, then RSI. */
  private static <R> List<Value<R>> values(Side<R> side) {
    return List.of(
        new Value<>("rfc", side.suffix(), layer -> side.roles().apply(layer).getRfc()),
        new Value<>("rsi", side.suffix(), layer -> side.roles().apply(layer).getRsi()));
  }

  private static <R> Estimate reference(Index<R> index, R layer) {
    return index.difference().apply(layer).getReference();
  }

  private static int degenerate(LayerRoles roles) {
    return (int) roles.getHeadsList().stream().filter(HeadRoles::getDegenerate).count();
  }
}
