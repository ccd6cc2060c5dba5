package org.rolescope.bench.stream;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.rolescope.bench.report.Figures;
import org.rolescope.bench.report.Table;
import org.rolescope.tensors.TensorView;

/**
 * Reads a stream slower than it is sent and watches what both ends, which share this JVM, hold
 * meanwhile. Flow control works where that does not grow with what was read.
 */
final class SlowReader {
  private static final int SAMPLES = 40;
  private static final long PAUSE_NANOS = 50_000_000;

  private final TensorServer server;
  private final TensorClient client;
  private final List<HeldMemory> held = new ArrayList<>();
  private long readBytes;
  private long maxAheadBytes;

  SlowReader(TensorServer server, TensorClient client) {
    this.server = server;
    this.client = client;
  }

  void run(int tensorCount, PrintWriter out) {
    long sentBefore = server.sentBytes();
    client.read(Math.min(tensorCount, SAMPLES), tensor -> take(tensor, sentBefore));
    int half = held.size() / 2;
    Table table =
        new Table(
            "Slow reader: %d pauses of %d ms, %s MiB read; both ends together hold, MiB"
                .formatted(held.size(), PAUSE_NANOS / 1_000_000, Figures.mebibytes(readBytes)),
            "",
            "most, first half",
            "most, second half");
    row(table, "heap after collection", half, HeldMemory::heapBytes);
    row(table, "direct buffers", half, HeldMemory::directBytes);
    row(table, "both", half, HeldMemory::totalBytes);
    table.print(out);
    out.printf("At most %s MiB were sent but not yet read.%n%n", Figures.mebibytes(maxAheadBytes));
    out.flush();
  }

  private void take(TensorView tensor, long sentBefore) {
    readBytes += tensor.bytes().remaining();
    LockSupport.parkNanos(PAUSE_NANOS);
    maxAheadBytes = Math.max(maxAheadBytes, server.sentBytes() - sentBefore - readBytes);
    held.add(HeldMemory.now());
  }

  private void row(Table table, String name, int half, ToLongFunction<HeldMemory> part) {
    table.row(
        name,
        Figures.mebibytes(most(held.subList(0, Math.max(1, half)), part)),
        Figures.mebibytes(most(held.subList(half, held.size()), part)));
  }

  private static long most(List<HeldMemory> samples, ToLongFunction<HeldMemory> part) {
    return samples.stream().mapToLong(part).max().orElse(0);
  }
}
