package org.rolescope.export.file;

import java.util.Locale;

/** Sizes in bytes as people read them. */
public final class ByteSize {
  private static final String[] UNITS = {"kB", "MB", "GB", "TB"};

  /** From here on a value with one digit behind the point would read 1000.0. */
  private static final double NEXT_UNIT = 999.95;

  private ByteSize() {}

  /** Bytes in the unit that suits them, powers of 1000, for example {@code 2.7 MB}. */
  public static String text(long bytes) {
    if (bytes < 1000) {
      return bytes + " bytes";
    }
    double value = bytes / 1000.0;
    int unit = 0;
    while (value >= NEXT_UNIT && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
