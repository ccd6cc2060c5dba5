package org.rolescope.bench.command;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.stream.IntStream;
import org.rolescope.bench.analysis.Analysis;
import org.rolescope.bench.analysis.ExportedShape;
import org.rolescope.bench.analysis.MeasuredAnalysis;
import org.rolescope.bench.baseline.PlainProducts;
import org.rolescope.bench.baseline.PlainRead;
import org.rolescope.bench.baseline.ProductTime;
import org.rolescope.bench.checkpoint.ModelShape;
import org.rolescope.bench.machine.Cost;
import org.rolescope.bench.report.Figures;
import org.rolescope.bench.report.Table;

/**
 * Measures the bare operations of an analysis and prints both.
 *
 * @param shape the model
 * @param exported its bundle
 * @param measured the analysis
 */
record ShapeReport(ModelShape shape, ExportedShape exported, MeasuredAnalysis measured) {
  private static final int REPETITIONS = 5;

  void print(PrintWriter out) {
    Analysis analysis = measured.analysis();
    new StageTable(shape, measured).print(out);
    Collection<ProductTime> products =
        PlainProducts.ofBlock(shape, analysis.batches(), REPETITIONS);
    products(products, out);
    Cost product =
        products.stream()
            .map(ProductTime::cost)
            .reduce(Cost.NONE, Cost::plus)
            .times(shape.layers());
    Cost read = read();
    Cost bare = product.plus(read);
    Table table =
        new Table(
            "In total: %d tokens in %d batches through %d layers, %s MiB of weights"
                .formatted(
                    analysis.tokenCount(),
                    analysis.batches().size(),
                    shape.layers(),
                    Figures.mebibytes(PlainRead.sizeBytes(exported.bundle().manifest()))),
            "",
            "ms",
            "of bare",
            "CPU ms",
            "of bare");
    row(table, "plain products", product, bare);
    row(table, "plain read", read, bare);
    row(table, "bare: products + read", bare, bare);
    row(table, "analysis", measured.cost(), bare);
    table.print(out);
    out.printf(
        "Of the analysis: %s ms measuring tensors; peak RSS %s MiB, of it not file pages %s MiB.%n%n",
        Figures.millis(analysis.measureNanos()),
        Figures.mebibytes(measured.peakBytes()),
        Figures.mebibytes(measured.anonymousBytes()));
    out.flush();
  }

  private static void row(Table table, String name, Cost cost, Cost bare) {
    table.row(
        name,
        Figures.millis(cost.wallNanos()),
        Figures.ratio(cost.wallNanos(), bare.wallNanos()),
        Figures.millis(cost.processorNanos()),
        Figures.ratio(cost.processorNanos(), bare.processorNanos()));
  }

  private Cost read() {
    return Cost.median(
        IntStream.range(0, REPETITIONS)
            .mapToObj(
                _ ->
                    Cost.of(
                        () ->
                            PlainRead.run(
                                exported.bundle().folder(), exported.bundle().manifest())))
            .toList());
  }

  private static void products(Collection<ProductTime> products, PrintWriter out) {
    Table table =
        new Table(
            "Plain products of one layer over all batches, median of %d".formatted(REPETITIONS),
            "",
            "ms",
            "GFLOP/s");
    for (ProductTime product : products) {
      table.row(
          product.name(),
          Figures.millis(product.cost().wallNanos()),
          Figures.gigaflops(product.operations(), product.cost().wallNanos()));
    }
    table.print(out);
  }
}
