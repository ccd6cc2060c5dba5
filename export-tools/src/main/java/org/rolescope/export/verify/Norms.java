package org.rolescope.export.verify;

/** Normalisation of each row. */
final class Norms {
  private Norms() {}

  /**
   * RMSNorm (Zhang and Sennrich 2019): x / √(mean(x²) + epsilon) · scale. Rows may hold several
   * vectors side by side, each as wide as the scale, as where every head has its norm.
   */
  static Rows rootMeanSquare(Rows rows, double[] scale, double epsilon) {
    Rows result = new Rows(rows.count(), rows.width());
    double[] from = rows.values();
    double[] to = result.values();
    for (int start = 0; start < from.length; start += scale.length) {
      double squares = 0;
      for (int index = 0; index < scale.length; index++) {
        squares += from[start + index] * from[start + index];
      }
      double factor = 1 / Math.sqrt(squares / scale.length + epsilon);
      for (int index = 0; index < scale.length; index++) {
        to[start + index] = from[start + index] * factor * scale[index];
      }
    }
    return result;
  }

  /**
   * LayerNorm (Ba, Kiros and Hinton 2016): (x − mean(x)) / √(variance(x) + epsilon) · scale +
   * shift, with the variance over n.
   */
  static Rows layer(Rows rows, double[] scale, double[] shift, double epsilon) {
    Rows centred = new Rows(rows.count(), rows.width());
    double[] from = rows.values();
    double[] to = centred.values();
    int width = rows.width();
    for (int start = 0; start < from.length; start += width) {
      double sum = 0;
      for (int index = 0; index < width; index++) {
        sum += from[start + index];
      }
      for (int index = 0; index < width; index++) {
        to[start + index] = from[start + index] - sum / width;
      }
    }
    // Of a centred vector the mean square is the variance.
    Rows result = rootMeanSquare(centred, scale, epsilon);
    result.addToEach(shift);
    return result;
  }
}
