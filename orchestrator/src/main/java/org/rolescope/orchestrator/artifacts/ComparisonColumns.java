package org.rolescope.orchestrator.artifacts;

import static org.rolescope.orchestrator.artifacts.ComparisonColumn.count;
import static org.rolescope.orchestrator.artifacts.ComparisonColumn.flag;
import static org.rolescope.orchestrator.artifacts.ComparisonColumn.number;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.HeadRoles;
import org.rolescope.v1.IndexDifference;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerIndex;
import org.rolescope.v1.LayerRoles;
import org.rolescope.v1.SampleMean;

/** The columns of the comparison table: first the published ones, then ours. */
final class ComparisonColumns {
  private static final List<Side> SIDES =
      List.of(
          new Side("base", LayerContrast::getBase),
          new Side("instruct", LayerContrast::getInstruct));
  private static final List<Index> INDICES =
      List.of(
          new Index("rfc", LayerRoles::getRfc, LayerContrast::getRfc),
          new Index("rsi", LayerRoles::getRsi, LayerContrast::getRsi));

  private final List<ComparisonColumn> columns = new ArrayList<>();

  private ComparisonColumns() {}

  private record Side(String name, Function<LayerContrast, LayerRoles> roles) {}

  private record Index(
      String name,
      Function<LayerRoles, LayerIndex> value,
      Function<LayerContrast, IndexDifference> difference) {
    LayerIndex of(Side side, LayerContrast layer) {
      return value.apply(side.roles().apply(layer));
    }
  }

  /** All columns in order. */
  static List<ComparisonColumn> all() {
    ComparisonColumns all = new ComparisonColumns();
    all.published();
    all.ours();
    return List.copyOf(all.columns);
  }

  private void published() {
    columns.add(count("layer", LayerContrast::getLayer));
    for (Side side : SIDES) {
      INDICES.forEach(index -> sampleMean(index, side));
      columns.add(
          count(
              "n_heads_" + side.name(),
              layer -> INDICES.get(0).of(side, layer).getReference().getCount()));
    }
    for (Index index : INDICES) {
      columns.add(number(index.name() + "_diff", layer -> reference(index, layer).getValue()));
    }
    for (Index index : INDICES) {
      interval(index.name() + "_diff_ci_%s", layer -> reference(index, layer));
    }
  }

  private void sampleMean(Index index, Side side) {
    Function<LayerContrast, SampleMean> sample = layer -> index.of(side, layer).getReference();
    String name = index.name() + "_%s_" + side.name();
    columns.add(number(name.formatted("mean"), layer -> sample.apply(layer).getMean()));
    columns.add(number(name.formatted("std"), layer -> sample.apply(layer).getStandardDeviation()));
    columns.add(
        number(name.formatted("ci_low"), layer -> sample.apply(layer).getConfidence().getLow()));
    columns.add(
        number(name.formatted("ci_high"), layer -> sample.apply(layer).getConfidence().getHigh()));
  }

  private void ours() {
    for (Index index : INDICES) {
      SIDES.forEach(side -> oneModel(index, side));
      difference(index);
    }
    for (Side side : SIDES) {
      columns.add(count("degenerate_heads_" + side.name(), layer -> degenerate(side, layer)));
    }
    for (Side side : SIDES) {
      columns.add(
          flag("unstable_" + side.name(), layer -> side.roles().apply(layer).getUnstable()));
    }
    columns.add(flag("unstable", LayerContrast::getUnstable));
  }

  private void oneModel(Index index, Side side) {
    String suffix = "_" + side.name();
    estimate(
        index.name() + "_ratio_of_sums", suffix, layer -> index.of(side, layer).getRatioOfSums());
    columns.add(
        number(
            index.name() + "_head_median" + suffix,
            layer -> index.of(side, layer).getHeadMedian()));
    estimate(
        index.name() + "_prompt_index",
        suffix,
        layer -> index.of(side, layer).getReferencePromptIndex());
  }

  private void difference(Index index) {
    String name = index.name() + "_diff_";
    Function<LayerContrast, IndexDifference> of = index.difference();
    columns.add(
        flag(name + "reference_significant", layer -> of.apply(layer).getReferenceSignificant()));
    estimate(name + "ratio_of_sums", "", layer -> of.apply(layer).getRatioOfSums());
    columns.add(number(name + "head_median", layer -> of.apply(layer).getHeadMedian()));
    columns.add(number(name + "p_value", layer -> of.apply(layer).getPValue()));
    columns.add(number(name + "q_value", layer -> of.apply(layer).getQValue()));
    columns.add(flag(name + "significant", layer -> of.apply(layer).getSignificant()));
  }

  private void estimate(String name, String suffix, Function<LayerContrast, Estimate> estimate) {
    columns.add(number(name + suffix, layer -> estimate.apply(layer).getValue()));
    interval(name + "_ci_%s" + suffix, estimate);
  }

  private void interval(String name, Function<LayerContrast, Estimate> estimate) {
    columns.add(
        number(name.formatted("low"), layer -> estimate.apply(layer).getConfidence().getLow()));
    columns.add(
        number(name.formatted("high"), layer -> estimate.apply(layer).getConfidence().getHigh()));
  }

  private static Estimate reference(Index index, LayerContrast layer) {
    return index.difference().apply(layer).getReference();
  }

  private static long degenerate(Side side, LayerContrast layer) {
    return side.roles().apply(layer).getHeadsList().stream()
        .filter(HeadRoles::getDegenerate)
        .count();
  }
}
