package org.rolescope.figures;

import static java.util.Objects.requireNonNull;

/**
 * A chart as SVG.
 *
 * @param svg the whole document; equal requests give equal texts
 * @param width in pixels
 * @param height in pixels
 */
public record Drawing(String svg, int width, int height) {
  /** Checks that there is something. */
  public Drawing {
    requireNonNull(svg, "svg is null");
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("a drawing has %d × %d pixels".formatted(width, height));
    }
  }
}
