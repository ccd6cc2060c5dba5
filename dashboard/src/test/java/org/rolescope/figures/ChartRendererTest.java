package org.rolescope.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Draws every figure of the demo run's instruct model and of its comparison. */
final class ChartRendererTest {
  private static final String SETTINGS =
      """
      {"part": "instruct", "models": {"base": "demo-base", "instruct": "demo-instruct"},
       "values": ["self_minus_neutral", "self_minus_confounder"],
       "prompts": {"self_referent": 30, "confounder": 30, "neutral": 30, "third_person": 30}}""";

  /** Chart modules, each with the fixture it is drawn from. */
  static final List<String> CHARTS =
      List.of(
          "layer-entropy-lines categories",
          "head-heatmap heads",
          "token-attention key-attention",
          "entropy-violins violins",
          "layer-deltas categories",
          "top-heads heads",
          "cross-token-control key-attention",
          "confounder-delta categories",
          "role-focus-separation layers",
          "rfc-rsi-comparison layers",
          "rfc-rsi-differences layers",
          "patching-candidates candidates");

  private static ChartRenderer renderer;

  @BeforeAll
  static void start() {
    renderer = new ChartRenderer();
  }

  @AfterAll
  static void end() {
    renderer.close();
  }

  /** Golden drawings are made anew by {@code -Drolescope.golden=write}. */
  @ParameterizedTest
  @FieldSource("CHARTS")
  void drawsWhatItDrewBefore(String chart) throws IOException {
    Drawing drawing = renderer.draw(request(chart));
    GoldenSvg golden = new GoldenSvg(chart.split(" ")[0]);
    if ("write".equals(System.getProperty("rolescope.golden"))) {
      golden.write(drawing.svg());
    }
    golden.check(drawing.svg());
  }

  @Test
  void equalRequestsGiveEqualBytesInAnyOrderAndRenderer() throws IOException {
    ChartRequest request = request(CHARTS.get(1));
    String first = renderer.draw(request).svg();
    renderer.draw(request(CHARTS.get(0)));
    assertThat(renderer.draw(request).svg()).isEqualTo(first);
    try (ChartRenderer other = new ChartRenderer()) {
      assertThat(other.draw(request).svg()).isEqualTo(first);
    }
  }

  @Test
  void whatIsMissingBecomesASentence() {
    Drawing drawing =
        renderer.draw(
            new ChartRequest(
                "rfc-rsi-differences", "{\"parts\": [\"single\"], \"layers\": []}", "{}"));
    assertThat(drawing.svg()).contains("One model was measured; differences need two.");
  }

  @Test
  void darkFiguresHaveADarkBackground() throws IOException {
    ChartRequest light = request(CHARTS.getFirst());
    ChartRequest dark = new ChartRequest(light.chart(), light.data(), "{\"dark\": true}");
    assertThat(renderer.draw(light).svg()).contains("fill=\"#ffffff\"");
    assertThat(renderer.draw(dark).svg()).contains("fill=\"#14181d\"").doesNotContain("#0072B2");
  }

  @Test
  void textIsMeasuredWithTheBundledFonts() {
    BundledFonts fonts = BundledFonts.get();
    // Advance widths of DejaVu Sans 2.37, 2048 units an em: H 1540, m 1995; bold: H 1714.
    assertThat(fonts.width("Hm", "20px DejaVu Sans, sans-serif"))
        .isCloseTo((1540 + 1995) / 2048.0 * 20, org.assertj.core.data.Offset.offset(1e-3));
    assertThat(fonts.width("H", "bold 20px DejaVu Sans"))
        .isCloseTo(1714 / 2048.0 * 20, org.assertj.core.data.Offset.offset(1e-3));
  }

  @Test
  void chartsThatCannotBeDrawnAreNamed() {
    assertThatThrownBy(() -> renderer.draw(new ChartRequest("no-such-chart", "{}", "{}")))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("no-such-chart")
        .extracting(fault -> ((RolescopeException) fault).code())
        .isEqualTo(FaultCode.INVALID_ARGUMENT);
    assertThatThrownBy(() -> renderer.draw(new ChartRequest("top-heads", "{}", "{}")))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("The chart top-heads cannot be drawn from these data");
    Stream.of("../secrets", "", "Top", "a/b")
        .forEach(
            name ->
                assertThatThrownBy(() -> new ChartRequest(name, "{}", "{}"))
                    .isInstanceOf(IllegalArgumentException.class));
  }

  @Test
  void scriptsReadModulesOnly() throws IOException {
    ModuleFiles files = new ModuleFiles();
    assertThat(
            files
                .newByteChannel(Path.of("/dashboard/src/charts/theme.js"), java.util.Set.of())
                .size())
        .isPositive();
    assertThatThrownBy(() -> files.newByteChannel(Path.of("/etc/hostname"), java.util.Set.of()))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> files.delete(Path.of("/dashboard/src/charts/theme.js")))
        .isInstanceOf(SecurityException.class);
  }

  static ChartRequest request(String chart) throws IOException {
    String[] names = chart.split(" ");
    Path data = Path.of("test/fixtures", names[1] + ".json");
    return new ChartRequest(names[0], Files.readString(data), SETTINGS);
  }
}
