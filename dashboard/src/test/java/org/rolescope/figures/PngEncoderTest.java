package org.rolescope.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class PngEncoderTest {
  private static final int WHITE = 0xffffff;
  private static final int BLACK = 0x000000;

  @Test
  void picturesHaveTheSizeAndColoursOfTheDrawing() throws IOException {
    try (ChartRenderer renderer = new ChartRenderer()) {
      Drawing drawing = renderer.draw(ChartRendererTest.request("layer-deltas categories"));
      byte[] png = encode(drawing, 1.5);
      assertThat(encode(drawing, 1.5)).isEqualTo(png);
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
      assertThat(image.getWidth()).isEqualTo(Math.round(1.5 * drawing.width()));
      assertThat(image.getHeight()).isEqualTo(Math.round(1.5 * drawing.height()));
      Map<Integer, Integer> colours = colours(image);
      int pixels = image.getWidth() * image.getHeight();
      assertThat(colours.get(WHITE)).isBetween(pixels / 2, pixels * 97 / 100);
      // Neutral, confounder.
      assertThat(colours.get(0x0072B2)).isGreaterThan(pixels / 200);
      assertThat(colours.get(0x009E73)).isGreaterThan(pixels / 200);
    }
  }

  @Test
  void aStrokeWithoutWidthIsNotDrawn() throws IOException {
    String svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"20\" viewBox=\"0 0 20 20\">"
            + "<rect width=\"20\" height=\"20\" fill=\"#ffffff\"/>"
            + "<path d=\"M2 10L18 10\" fill=\"none\" stroke=\"#000000\" stroke-width=\"0\"/></svg>";
    assertThat(colours(ImageIO.read(new ByteArrayInputStream(encode(new Drawing(svg, 20, 20), 1)))))
        .containsOnlyKeys(WHITE);
  }

  @Test
  void textIsCentredAndDrawnWithTheBundledFont() throws IOException {
    String svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"60\" viewBox=\"0 0 60 60\">"
            + "<rect width=\"60\" height=\"60\" fill=\"#ffffff\"/>"
            + "<text dominant-baseline=\"central\" style=\"font-size:40px;font-family:DejaVu Sans, sans-serif;\" x=\"10\" y=\"30\" fill=\"#000000\">H</text></svg>";
    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(encode(new Drawing(svg, 60, 60), 1)));
    int top = 60;
    int bottom = 0;
    for (int y = 0; y < 60; y++) {
      for (int x = 0; x < 60; x++) {
        if ((image.getRGB(x, y) & WHITE) == BLACK) {
          top = Math.min(top, y);
          bottom = Math.max(bottom, y);
        }
      }
    }
    // A capital of DejaVu Sans is 1493 of 2048 units high: 29 pixels, from 15 to 44 around 30.
    assertThat(top).isBetween(13, 17);
    assertThat(bottom).isBetween(42, 46);
  }

  @Test
  void scalesMustBePositive() {
    assertThatThrownBy(() -> new PngEncoder(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PngEncoder(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Drawing("<svg/>", 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] encode(Drawing drawing, double scale) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new PngEncoder(scale).write(drawing, out);
    return out.toByteArray();
  }

  private static Map<Integer, Integer> colours(BufferedImage image) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        counts.merge(image.getRGB(x, y) & WHITE, 1, Integer::sum);
      }
    }
    return counts;
  }
}
