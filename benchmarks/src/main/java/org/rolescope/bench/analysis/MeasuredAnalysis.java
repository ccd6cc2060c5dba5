package org.rolescope.bench.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.rolescope.bench.machine.Cost;
import org.rolescope.bench.machine.PeakMemory;
import org.rolescope.inference.forward.PassReport;
import org.rolescope.v1.Tap;

/**
 * An analysis and the memory it took.
 *
 * @param analysis the analysis
 * @param processorNanos time all threads of this process were on a core meanwhile, nanoseconds
 * @param pass what its stages cost
 * @param peakBytes peak resident memory of this process, mapped file pages included
 * @param anonymousBytes largest sample of it that is not backed by a file
 */
public record MeasuredAnalysis(
    Analysis analysis,
    double processorNanos,
    PassReport pass,
    OptionalLong peakBytes,
    OptionalLong anonymousBytes)
    implements Comparable<MeasuredAnalysis> {
  private static final Comparator<MeasuredAnalysis> BY_TIME =
      Comparator.comparingLong(measured -> measured.analysis().nanos());

  /**
   * Runs an analysis.
   *
   * @param more what to capture besides patterns: value norms, logits
   */
  public static MeasuredAnalysis run(
      InferenceInProcess inference, String model, List<String> prompts, Set<Tap> more) {
    // What the checkpoint and the export left behind is not the analysis's.
    System.gc();
    try (PeakMemory memory = PeakMemory.watch()) {
      AtomicReference<Analysis> analysis = new AtomicReference<>();
      Cost cost =
          Cost.of(() -> analysis.set(PatternReader.run(inference.channel(), model, prompts, more)));
      return new MeasuredAnalysis(
          analysis.get(),
          cost.processorNanos(),
          inference.report(),
          memory.peakBytes(),
          memory.anonymousBytes());
    }
  }

  /** What it took. */
  public Cost cost() {
    return new Cost(analysis.nanos(), processorNanos);
  }

  /** By time. */
  @Override
  public int compareTo(MeasuredAnalysis other) {
    return BY_TIME.compare(this, other);
  }
}
