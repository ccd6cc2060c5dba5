package org.rolescope.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A drawing as it was before. Numbers may differ by what rounding in fonts and in {@code Math}
 * makes on another machine; everything else may not.
 *
 * @param name of the chart
 */
record GoldenSvg(String name) {
  private static final Path FOLDER = Path.of("src/test/resources/org/rolescope/figures/golden");
  private static final Pattern NUMBER = Pattern.compile("(?<![#\\w])-?\\d+(\\.\\d+)?(e-?\\d+)?");
  private static final double TOLERANCE_PIXELS = 0.02;

  void write(String svg) throws IOException {
    Files.createDirectories(FOLDER);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file()))) {
      out.write(svg.getBytes(StandardCharsets.UTF_8));
    }
  }

  void check(String svg) throws IOException {
    String before = read();
    assertThat(withoutNumbers(svg)).isEqualTo(withoutNumbers(before));
    List<Double> found = numbers(svg);
    List<Double> expected = numbers(before);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i))
          .as("number %d of %s", i, name)
          .isCloseTo(expected.get(i), org.assertj.core.data.Offset.offset(TOLERANCE_PIXELS));
    }
  }

  private String read() throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file()))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Path file() {
    return FOLDER.resolve(name + ".svg.gz");
  }

  private static String withoutNumbers(String svg) {
    // A tag a line, so that a difference can be found.
    return NUMBER.matcher(svg).replaceAll("0").replace("><", ">\n<");
  }

  private static List<Double> numbers(String svg) {
    return NUMBER.matcher(svg).results().map(MatchResult::group).map(Double::valueOf).toList();
  }
}
