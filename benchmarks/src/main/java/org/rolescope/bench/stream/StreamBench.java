package org.rolescope.bench.stream;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.bench.machine.Cost;
import org.rolescope.bench.report.Figures;
import org.rolescope.bench.report.Table;
import org.rolescope.bench.report.Times;

/**
 * Throughput of the tensor stream against a raw socket, in turns so that both see the same machine.
 *
 * @param source what is sent
 * @param sizeBytes about how much, bytes
 * @param repetitions turns that count; those before them warm up
 */
public record StreamBench(PatternSource source, long sizeBytes, int repetitions) {
  private static final int WARMUPS = 10;

  private int tensorCount() {
    return (int) Math.max(1, sizeBytes / source.tensorBytes());
  }

  /** Measures and prints. */
  public void run(PrintWriter out) {
    try (TensorServer server = TensorServer.start(source.pattern(0));
        TensorClient client = new TensorClient(server.address())) {
      throughput(client, out);
      new SlowReader(server, client).run(tensorCount(), out);
    }
  }

  private void throughput(TensorClient client, PrintWriter out) {
    long bytes = tensorCount() * source.tensorBytes();
    List<Cost> raw = new ArrayList<>();
    List<Cost> stream = new ArrayList<>();
    for (int turn = 0; turn < WARMUPS + repetitions; turn++) {
      Cost rawCost = Cost.of(() -> RawSocket.move(bytes));
      Cost streamCost = Cost.of(() -> move(client, bytes));
      if (turn >= WARMUPS) {
        raw.add(rawCost);
        stream.add(streamCost);
      }
    }
    Table table =
        new Table(
            "%d patterns of %s MiB over loopback TCP, median of %d"
                .formatted(tensorCount(), Figures.mebibytes(source.tensorBytes()), repetitions),
            "",
            "ms",
            "fastest",
            "slowest",
            "CPU ms",
            "MiB/s",
            "of raw");
    row(table, "raw socket", bytes, raw, raw);
    row(table, "tensor stream", bytes, stream, raw);
    table.print(out);
  }

  private void move(TensorClient client, long bytes) {
    long read = client.read(tensorCount(), _ -> {});
    if (read != bytes) {
      throw new IllegalStateException(read + " bytes came of " + bytes);
    }
  }

  private static void row(Table table, String name, long bytes, List<Cost> costs, List<Cost> raw) {
    Times times = Cost.wall(costs);
    table.row(
        name,
        Figures.millis(times.medianNanos()),
        Figures.millis(times.minNanos()),
        Figures.millis(times.maxNanos()),
        Figures.millis(Cost.median(costs).processorNanos()),
        Figures.mebibytesPerSecond(bytes, times.medianNanos()),
        Figures.ratio(Cost.wall(raw).medianNanos(), times.medianNanos()));
  }
}
