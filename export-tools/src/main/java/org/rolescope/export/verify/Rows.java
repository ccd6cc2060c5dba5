package org.rolescope.export.verify;

/**
 * Vectors of equal width, one for each position of each prompt: [row, width], row-major. Mutable;
 * whoever makes one decides who else may change it.
 */
final class Rows {
  private final int count;
  private final int width;
  private final double[] values;

  Rows(int count, int width) {
    this.count = count;
    this.width = width;
    this.values = new double[Math.multiplyExact(count, width)];
  }

  int count() {
    return count;
  }

  int width() {
    return width;
  }

  /** The live elements, for loops that have to be fast. */
  double[] values() {
    return values;
  }

  /** Index of the first element of a row. */
  int start(int row) {
    return row * width;
  }

  /** Adds the same vector to each row. */
  void addToEach(double[] vector) {
    for (int start = 0; start < values.length; start += width) {
      for (int column = 0; column < width; column++) {
        values[start + column] += vector[column];
      }
    }
  }

  /** This plus another of the same shape, element by element. */
  Rows plus(Rows other) {
    Rows sum = new Rows(count, width);
    for (int index = 0; index < values.length; index++) {
      sum.values[index] = values[index] + other.values[index];
    }
    return sum;
  }

  /** Columns first to first + size of each row. */
  Rows columns(int first, int size) {
    Rows part = new Rows(count, size);
    for (int row = 0; row < count; row++) {
      System.arraycopy(values, start(row) + first, part.values, part.start(row), size);
    }
    return part;
  }

  /** Elements of consecutive rows, copied. */
  double[] copyOf(int firstRow, int rows) {
    double[] copy = new double[rows * width];
    System.arraycopy(values, start(firstRow), copy, 0, copy.length);
    return copy;
  }
}
