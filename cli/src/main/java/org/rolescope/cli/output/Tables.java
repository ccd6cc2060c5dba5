package org.rolescope.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.Locale;
import org.rolescope.v1.Estimate;

/** How columns and numbers look in tables. */
public final class Tables {
  static final Character[] BORDER = AsciiTable.NO_BORDERS;

  private Tables() {}

  /** A column of words. */
  static Column left(String header) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.LEFT)
        .dataAlign(HorizontalAlign.LEFT);
  }

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
