package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import java.util.Locale;
import org.rolescope.v1.Estimate;

/** How numbers look in tables. */
public final class Tables {
  static final Character[] BORDER = AsciiTable.NO_BORDERS;

  private Tables() {}

  /** A count with its thousands apart. */
  public static String grouped(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A value to four digits behind the point, with its sign. */
  static String signed(double value) {
    return String.format(Locale.ROOT, "%+.4f", value);
  }

  /** A value to four digits behind the point. */
  static String plain(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** A p- or q-value. */
  static String probability(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** A value with its interval. */
  static String withInterval(Estimate estimate) {
    return "%s [%s, %s]"
        .formatted(
            signed(estimate.getValue()),
            signed(estimate.getConfidence().getLow()),
            signed(estimate.getConfidence().getHigh()));
  }
}
