package org.rolescope.orchestrator.report;

import java.util.Locale;
import org.rolescope.v1.Estimate;
import org.rolescope.v1.Interval;
import org.rolescope.v1.SampleMean;

/** How numbers look in a report. One that does not exist is a dash. */
final class Figures {
  private static final String NONE = "–";

  private Figures() {}

  /** To four digits behind the point, with its sign. */
  static String signed(double value) {
    return format("%+.4f", value);
  }

  /** To four digits behind the point. */
  static String plain(double value) {
    return format("%.4f", value);
  }

  /** To two digits behind the point. */
  static String rough(double value) {
    return format("%.2f", value);
  }

  /** With its interval in brackets. */
  static String withInterval(Estimate estimate) {
    return withInterval(estimate.getValue(), estimate.getConfidence());
  }

  /** A mean with its interval in brackets. */
  static String withInterval(SampleMean sample) {
    return withInterval(sample.getMean(), sample.getConfidence());
  }

  private static String withInterval(double value, Interval interval) {
    return Double.isNaN(interval.getLow())
        ? signed(value)
        : "%s (%s, %s)"
            .formatted(signed(value), signed(interval.getLow()), signed(interval.getHigh()));
  }

  private static String format(String format, double value) {
    return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, format, value);
  }
}
