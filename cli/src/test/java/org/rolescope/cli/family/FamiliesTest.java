package org.rolescope.cli.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.export.hub.HubModel;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

final class FamiliesTest {
  private static final Path HOME = Path.of("/opt/rolescope");

  @TempDir private Path folder;

  @Test
  void shipsTheStudysFamiliesAndSmallOnes() {
    Families families = Families.read(HOME, folder, null);
    assertThat(families.all())
        .extracting(Family::name, family -> family.base().text(), FamiliesTest::instruct)
        .containsExactly(
            tuple("llama", "meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct"),
            tuple("mistral", "mistralai/Mistral-7B-v0.1", "mistralai/Mistral-7B-Instruct-v0.1"),
            tuple("qwen", "Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B-Instruct"),
            tuple("smollm2", "HuggingFaceTB/SmolLM2-135M", "HuggingFaceTB/SmolLM2-135M-Instruct"),
            tuple("qwen3", "Qwen/Qwen3-0.6B-Base", "Qwen/Qwen3-0.6B"),
            tuple(
                "demo",
                "/opt/rolescope/examples/demo-models/base",
                "/opt/rolescope/examples/demo-models/instruct"));
  }

  @Test
  void aUsersFamiliesComeOverThoseOfTheFolderOverThoseShipped() throws IOException {
    write(folder.resolve("families.yml"), "families: {mine: {base: a/b}, llama: {base: c/d}}");
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path named = write(elsewhere.resolve("f.yml"), "families: {mine: {base: ./x, instruct: e/f}}");
    Families families = Families.read(HOME, folder, named);
    assertThat(families.named("mine").base())
        .isEqualTo(new ModelSource.Folder(elsewhere.resolve("x")));
    assertThat(families.named("mine").origin()).isEqualTo(named.toString());
    assertThat(families.named("llama").isPair()).isFalse();
    assertThat(families.named("llama").models()).containsOnlyKeys("llama-base");
    assertThat(families.named("demo").models()).containsOnlyKeys("demo-base", "demo-instruct");
    assertThat(families.all()).extracting(Family::name).startsWith("llama").endsWith("mine");
  }

  @Test
  void aRevisionStandsBehindTheId() {
    assertThat(ModelSource.of("a/b@refs/pr/1", folder))
        .isEqualTo(new ModelSource.OnHub(new HubModel("a/b", "refs/pr/1")));
    assertThat(ModelSource.of("a/b@v1", folder).text()).isEqualTo("a/b@v1");
    assertThat(ModelSource.of("a/b", folder).text()).isEqualTo("a/b");
  }

  @Test
  void whatFoldersThereAreDoesNotDecide() throws IOException {
    Files.createDirectories(folder.resolve("a/b"));
    assertThat(ModelSource.of("a/b", folder)).isInstanceOf(ModelSource.OnHub.class);
    assertThat(ModelSource.of("./a/b", folder))
        .isEqualTo(new ModelSource.Folder(folder.resolve("a/b")));
    assertThat(ModelSource.of("../b", folder.resolve("a")))
        .isEqualTo(new ModelSource.Folder(folder.resolve("b")));
    assertThat(ModelSource.of("/a@b", folder)).isEqualTo(new ModelSource.Folder(Path.of("/a@b")));
  }

  @Test
  void anUnknownFamilyIsAnsweredWithThoseThereAre() {
    RolescopeException fault =
        catchThrowableOfType(
            RolescopeException.class, () -> Families.read(HOME, folder, null).named("lama"));
    assertThat(fault.code()).isEqualTo(FaultCode.NOT_FOUND);
    assertThat(fault).hasMessageContaining("no family lama; use one of llama, mistral, qwen,");
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("none.yml");
    RolescopeException fault =
        catchThrowableOfType(RolescopeException.class, () -> Families.read(HOME, folder, missing));
    assertThat(fault.code()).isEqualTo(FaultCode.NOT_FOUND);
    assertThat(fault).hasMessageContaining("There is no families file " + missing);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          `` | must hold `families` and nothing beside it
          - a | must hold `families` and nothing beside it
          families: | must hold `families` and nothing beside it
          families: [a] | must hold `families` and nothing beside it
          {families: {a: {base: b/c}}, version: 1} | must hold `families` and nothing beside it
          families: {} | names no family
          families: {a: b/c} | Family a in families file
          families: {a: {instruct: b/c}} | has no model; give it `base`
          families: {a: {base: b/c, instuct: b/d}} | has the key `instuct`; only
          families: {a: {base: 12}} | is 12, which names no model
          families: {a: {base: b/c, instruct: ~}} | is null, which names no model
          families: {a: {base: " "}} | which names no model
          families: {a: {base: models/mine/x}} | neither a model on a hub (ORG/NAME
          families: {a: {base: gpt2}} | neither a model on a hub (ORG/NAME
          families: {a: {base: b/c, instruct: "b/c@"}} | `instruct` of family a in families file
          families: {a: {base: b/c@..}} | is no revision
          families: {a b: {base: b/c}} | Family name `a b` cannot name a folder
          families: {..: {base: b/c}} | Family name `..` cannot name a folder
          families: {a: {base: b/c}, a: {base: b/d}} | Duplicate field 'a'
          families: {a: {base: &b b/c, instruct: *b}} | uses a YAML alias (*b)
          families: {a: {base: b/c} | is no valid YAML
          """)
  void saysWhatIsWrong(String yaml, String sentence) throws IOException {
    Path file = write(folder.resolve("mine.yml"), yaml);
    RolescopeException fault =
        catchThrowableOfType(RolescopeException.class, () -> Families.read(HOME, folder, file));
    assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT);
    assertThat(fault).hasMessageContaining(sentence);
    assertThat(fault.getMessage().lines()).hasSize(1);
  }

  /** Whatever a file holds, it is families or one sentence. */
  @Test
  void damagedFilesGiveFamiliesOrASentence() throws IOException {
    byte[] whole =
        "families:\n  a:\n    base: b/c@v1\n    instruct: ./d\n  e:\n    base: /f\n"
            .getBytes(StandardCharsets.UTF_8);
    long seed = 7;
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < 2000; round++) {
      byte[] damaged = whole.clone();
      for (int change = 0; change <= random.nextInt(3); change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(128);
      }
      Path file = Files.write(folder.resolve("damaged.yml"), damaged);
      try {
        assertThat(Families.read(HOME, folder, file).all()).hasSizeGreaterThan(6);
      } catch (RolescopeException fault) {
        assertThat(fault.code()).as("seed " + seed).isEqualTo(FaultCode.INVALID_ARGUMENT);
        refused++;
      }
    }
    assertThat(refused).as("seed " + seed).isGreaterThan(100);
  }

  private static String instruct(Family family) {
    return family.instruct().map(ModelSource::text).orElse("");
  }

  private static Path write(Path file, String text) throws IOException {
    return Files.writeString(file, text);
  }

  @Test
  void namesOfModelsFollowFromTheFamily() {
    Family family = Families.read(HOME, folder, null).named("qwen3");
    assertThat(List.of(family.baseName(), family.instructName()))
        .containsExactly("qwen3-base", "qwen3-instruct");
  }
}
