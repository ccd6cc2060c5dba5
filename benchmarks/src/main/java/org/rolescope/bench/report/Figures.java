package org.rolescope.bench.report;

import java.util.Locale;
import java.util.OptionalLong;

/** Numbers as text, with their units. */
public final class Figures {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double BYTES_PER_MEBIBYTE = 1 << 20;

  private Figures() {}

  /** Nanoseconds as milliseconds. */
  public static String millis(double nanos) {
    return String.format(Locale.ROOT, "%,.1f", nanos / NANOS_PER_MILLI);
  }

  /** Bytes as mebibytes; "unknown" where the system does not tell. */
  public static String mebibytes(OptionalLong bytes) {
    return bytes.isPresent() ? mebibytes(bytes.getAsLong()) : "unknown";
  }

  /** Bytes as mebibytes. */
  public static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f", bytes / BYTES_PER_MEBIBYTE);
  }

  /** Two figures as their quotient; "-" where there is nothing to divide by. */
  public static String ratio(double dividend, double divisor) {
    return divisor > 0 ? String.format(Locale.ROOT, "%.3f", dividend / divisor) : "-";
  }

  /** Operations over nanoseconds as GFLOP/s. */
  public static String gigaflops(double operations, double nanos) {
    return nanos > 0 ? String.format(Locale.ROOT, "%,.1f", operations / nanos) : "-";
  }

  /** Bytes over nanoseconds as MiB/s. */
  public static String mebibytesPerSecond(double bytes, double nanos) {
    return nanos > 0
        ? String.format(Locale.ROOT, "%,.0f", bytes / BYTES_PER_MEBIBYTE / (nanos / 1e9))
        : "-";
  }

  /** A whole number with its thousands apart. */
  public static String grouped(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
