package org.rolescope.figures;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.DocumentLimits;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/** Drawings as PNG, by JSVG on Java2D. */
public final class PngEncoder {
  // JSVG draws strokes of no width as hairlines, and knows no central baseline.
  private static final Pattern NO_STROKE =
      Pattern.compile("stroke=\"[^\"]*\" stroke-width=\"0\"|stroke-width=\"0\"");
  private static final Pattern CENTRAL = Pattern.compile("dominant-baseline=\"central\"");

  private static final int MAX_MARKS = 1_000_000;

  /** The library's limits are for files of strangers; a map of all heads has thousands of marks. */
  private static final LoaderContext CONTEXT =
      LoaderContext.builder()
          .documentLimits(
              new DocumentLimits(
                  DocumentLimits.DEFAULT_MAX_NESTING_DEPTH,
                  DocumentLimits.DEFAULT_MAX_USE_NESTING_DEPTH,
                  MAX_MARKS))
          .build();

  private final double scale;

  /**
   * Creates an encoder.
   *
   * @param scale pixels of the picture for a pixel of the drawing, above 0
   */
  public PngEncoder(double scale) {
    if (!(scale > 0)) {
      throw new IllegalArgumentException("scale is %s; it must be above 0".formatted(scale));
    }
    this.scale = scale;
    BundledFonts.get();
  }

  /** Writes a drawing as PNG; the stream stays open. */
  public void write(Drawing drawing, OutputStream out) throws IOException {
    String svg = CENTRAL.matcher(drawing.svg()).replaceAll("dy=\"0.35em\"");
    svg = NO_STROKE.matcher(svg).replaceAll("stroke=\"none\"");
    SVGDocument document =
        new SVGLoader()
            .load(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)), null, CONTEXT);
    if (document == null) {
      throw new IllegalStateException("the drawing is no SVG");
    }
    int width = (int) Math.round(drawing.width() * scale);
    int height = (int) Math.round(drawing.height() * scale);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    document.render(null, graphics, new ViewBox(0, 0, width, height));
    graphics.dispose();
    ImageIO.write(image, "png", out);
  }
}
