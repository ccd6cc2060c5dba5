package org.rolescope.metrics.correlation;

import java.util.Locale;

/** Says in words what one layer does to the mean of a series. The same numbers, the same words. */
final class SeriesVerdict {
  private SeriesVerdict() {}

  /** A paragraph. */
  static String of(SeriesDescription description) {
    int layer = description.mostInfluentialLayer();
    return String.format(
        Locale.ROOT,
        "%s: the mean over %d layers is %+.4f, the median %+.4f. "
            + "Layer %d, at %+.4f, moves the mean the most: without it the mean is %+.4f and the median %+.4f. %s",
        description.series().name(),
        description.series().layerCount(),
        description.summary().mean(),
        description.summary().median(),
        layer,
        description.series().at(layer),
        description.meanWithout(),
        description.medianWithout(),
        conclusion(description));
  }

  private static String conclusion(SeriesDescription description) {
    if (description.owesSign()) {
      return "The mean owes its sign to that one layer, so it says nothing of the others; read the median.";
    }
    return description.restsOnOneLayer()
        ? "The mean owes more than half of its size to that one layer; read the median."
        : "No single layer makes the mean.";
  }
}
