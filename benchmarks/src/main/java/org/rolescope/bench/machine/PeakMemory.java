package org.rolescope.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Peak resident memory of this process, from where it was created on. The kernel keeps the peak
 * ({@code VmHWM}), mapped file pages included; a thread samples the part that is not backed by a
 * file ({@code RssAnon}), which is what the process itself allocated. Linux only; elsewhere the
 * answers are empty.
 */
public final class PeakMemory implements AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR_REFS = Path.of("/proc/self/clear_refs");
  private static final String RESET_PEAK = "5";
  private static final long SAMPLE_MILLIS = 20;

  private final Thread sampler;
  private volatile boolean done;
  private volatile long anonymousBytes;

  private PeakMemory() {
    sampler = Thread.ofPlatform().daemon().name("peak-memory").start(this::sample);
  }

  /** Begins to watch: earlier peaks are forgotten where the system permits that. */
  public static PeakMemory watch() {
    try {
      Files.writeString(CLEAR_REFS, RESET_PEAK);
    } catch (IOException notPermitted) {
      // The peak then includes what ran before, which errs on the safe side.
    }
    return new PeakMemory();
  }

  /** Peak resident memory, mapped file pages included, bytes. */
  public OptionalLong peakBytes() {
    return statusBytes("VmHWM:");
  }

  /** Largest sample of resident memory that is not backed by a file, bytes. */
  public OptionalLong anonymousBytes() {
    return anonymousBytes == 0 ? OptionalLong.empty() : OptionalLong.of(anonymousBytes);
  }

  @Override
  public void close() {
    done = true;
    sampler.interrupt();
  }

  private void sample() {
    while (!done) {
      anonymousBytes = Math.max(anonymousBytes, statusBytes("RssAnon:").orElse(0));
      try {
        Thread.sleep(SAMPLE_MILLIS);
      } catch (InterruptedException ended) {
        return;
      }
    }
  }

  private static OptionalLong statusBytes(String key) {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst();
    } catch (IOException unreadable) {
      return OptionalLong.empty();
    }
  }
}
