package org.rolescope.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every bench runs to its end on small sizes; how fast is nobody's business here. */
final class BenchTest {
  @TempDir private Path folder;

  @Test
  void shapeMeasuresExportAnalysisAndBareOperations() {
    String printed = run("shape", "tiny", "--prompts", "6", "--keep", folder.toString());
    assertThat(printed)
        .startsWith("Machine: ")
        .contains("48 tokens in 1 batches through 2 layers")
        .contains("gate, up projection", "pattern x values");
    assertThat(number(printed, "(?m)^ *analysis +([\\d.,]+)")).isPositive();
    assertThat(number(printed, "bare: products \\+ read +([\\d.,]+)")).isPositive();
    // Attention of random weights over up to 8 keys is spread: between 0 and ln 8 nats.
    assertThat(number(printed, "(?m)^ *1-1.* ([\\d.]+) *$")).isBetween(0.5, 2.08);
  }

  @Test
  void shapeReadsEveryElementType() {
    for (String type : new String[] {"f16", "f32"}) {
      assertThat(run("shape", "tiny", "--prompts", "2", "--dtype", type)).contains("analysis");
    }
  }

  @Test
  void exportWritesNoWeights() {
    String printed = run("export", "tiny", "--layers", "3");
    assertThat(number(printed, "exported +([\\d.,]+)")).isPositive();
    assertThat(number(printed, "written besides links +([\\d.,]+)")).isLessThan(1);
  }

  @Test
  void overheadComparesWithBareRuns() {
    String printed = run("overhead", "tiny", "--prompts", "4", "--repetitions", "1");
    assertThat(number(printed, "bare runs +([\\d.,]+)")).isPositive();
    assertThat(number(printed, "whole analysis +([\\d.,]+)")).isPositive();
  }

  @Test
  void sweepComparesWithAPlainPass() {
    String printed = run("sweep", "tiny", "--prompts", "4", "--repetitions", "1");
    assertThat(number(printed, "plain pass +([\\d.,]+)")).isPositive();
    assertThat(number(printed, "sweep, [\\d,]+ batches +([\\d.,]+)")).isPositive();
    assertThat(printed).contains("4 prompts");
  }

  @Test
  void generationComparesWithBareProductsAndAPlainRead() {
    String printed = run("generate", "tiny", "--tokens", "8", "--repetitions", "1");
    assertThat(number(printed, "generation +([\\d.,]+)")).isPositive();
    assertThat(printed)
        .contains("bare products", "weights repacked", "plain read of as much memory");
  }

  @Test
  void streamComparesWithARawSocketAndStaysFlat() {
    String printed = run("stream", "--mib", "8", "--tokens", "8", "--repetitions", "1");
    assertThat(number(printed, "tensor stream +([\\d.,]+)")).isPositive();
    assertThat(printed).contains("Slow reader");
  }

  @Test
  void microBenchmarksFindTheirLoops() {
    String printed = run("jmh", "Widening.*bfloat16", "--seconds", "0.01", "--iterations", "1");
    assertThat(printed).contains("bfloat16", "memoryCopy");
  }

  @Test
  void unknownShapesAreAUserFault() {
    StringWriter errors = new StringWriter();
    int code =
        Bench.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(errors))
            .execute("shape", "llama-9-1b");
    assertThat(code).isEqualTo(2);
    assertThat(errors.toString()).contains("llama-3.1-8b");
  }

  private static String run(String... arguments) {
    StringWriter printed = new StringWriter();
    CommandLine command = Bench.commandLine().setOut(new PrintWriter(printed, true));
    assertThat(command.execute(arguments)).as(printed.toString()).isZero();
    return printed.toString();
  }

  private static double number(String printed, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(printed);
    assertThat(matcher.find()).as(printed).isTrue();
    return Double.parseDouble(matcher.group(1).replace(",", ""));
  }
}
