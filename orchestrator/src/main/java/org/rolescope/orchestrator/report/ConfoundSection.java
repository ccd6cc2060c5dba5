package org.rolescope.orchestrator.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.rolescope.v1.CategoryLengths;
import org.rolescope.v1.ConfoundReport;
import org.rolescope.v1.LayerConfounds;
import org.rolescope.v1.LengthBalance;
import org.rolescope.v1.ModelConfounds;

/**
 * What else than the roles could explain the numbers.
 *
 * @param verdict which conclusions survive, in words
 * @param lengths lengths of the prompts of each category
 * @param balances a sentence for each two categories that were compared in length
 * @param layers sink mass and degenerate heads, a row a layer
 */
record ConfoundSection(
    String verdict, ReportTable lengths, List<String> balances, ReportTable layers) {
  ConfoundSection {
    balances = List.copyOf(balances);
  }

  /** Nothing where the metrics service did not look for it. */
  static Optional<ConfoundSection> of(FinishedRun run) {
    boolean known =
        run.compares()
            ? run.results().getComparison().hasConfounds()
            : run.results().getRoles().hasConfounds();
    ConfoundReport report =
        run.compares()
            ? run.results().getComparison().getConfounds()
            : run.results().getRoles().getConfounds();
    return known ? Optional.of(of(run, report)) : Optional.empty();
  }

  private static ConfoundSection of(FinishedRun run, ConfoundReport report) {
    return new ConfoundSection(
        report.getVerdict(), lengths(report), balances(run, report), layers(run, report));
  }

  private static ReportTable lengths(ConfoundReport report) {
    return ReportTable.of(report.getLengthsList())
        .text("Category", CategoryLengths::getCategory)
        .number("Prompts", each -> "" + each.getPromptCount())
        .number("Mean tokens", each -> Figures.rough(each.getMeanTokens()))
        .number("Shortest", each -> "" + each.getMinTokens())
        .number("Longest", each -> "" + each.getMaxTokens())
        .build();
  }

  private static List<String> balances(FinishedRun run, ConfoundReport report) {
    String self = run.options().getRoles().getSelf();
    Optional<String> neutral =
        Optional.of(report)
            .filter(ConfoundReport::hasRfcBalance)
            .map(
                each -> balance(self, run.options().getRoles().getNeutral(), each.getRfcBalance()));
    Optional<String> confounder =
        Optional.of(report)
            .filter(ConfoundReport::hasRsiBalance)
            .map(
                each ->
                    balance(self, run.options().getRoles().getConfounder(), each.getRsiBalance()));
    return List.of(neutral, confounder).stream().flatMap(Optional::stream).toList();
  }

  private static String balance(String self, String other, LengthBalance balance) {
    return String.format(
        Locale.ROOT,
        "Prompts of %s have on average %+.2f tokens compared with %s (Mann-Whitney p = %s): %s.",
        self,
        balance.getDifferenceTokens(),
        other,
        Figures.plain(balance.getPValue()),
        balance.getBalanced() ? "balanced" : "not balanced");
  }

  private static ReportTable layers(FinishedRun run, ConfoundReport report) {
    ReportTable.Builder<LayerConfounds> table =
        ReportTable.of(report.getLayersList()).number("Layer", layer -> "" + layer.getLayer());
    if (run.compares()) {
      model(table, ", base", LayerConfounds::getBase);
      model(table, ", instruct", LayerConfounds::getInstruct);
    } else {
      model(table, "", LayerConfounds::getBase);
    }
    return table.build();
  }

  private static void model(
      ReportTable.Builder<LayerConfounds> table,
      String suffix,
      Function<LayerConfounds, ModelConfounds> model) {
    table
        .number("Sink mass" + suffix, layer -> Figures.plain(model.apply(layer).getSinkMass()))
        .text(
            "Degenerate heads" + suffix,
            layer ->
                model.apply(layer).getDegenerateHeadsList().stream()
                    .map(Object::toString)
                    .collect(Collectors.joining(", ")));
  }
}
