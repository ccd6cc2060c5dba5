package org.rolescope.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

final class PairTextsTest {
  private static final PairTexts ANSWERED =
      new PairTexts("Who are you?", "Who is he, \"he\"?", " I", " He");
  private static final PairTexts PLAIN = new PairTexts("a", "b", "", "");

  @TempDir private Path folder;

  @Test
  void bothFormatsSayTheSame() throws IOException {
    assertThat(
            read(
                "pairs.json",
                """
                [{"clean": "Who are you?", "corrupt": "Who is he, \\"he\\"?",
                  "answer": " I", "wrong_answer": " He", "note": 1},
                 {"corrupt": "b", "clean": "a"}]
                """))
        .containsExactly(ANSWERED, PLAIN);
    assertThat(
            read(
                "pairs.CSV",
                """
                corrupt,clean,wrong_answer,answer
                "Who is he, ""he""?",Who are you?, He, I
                b,a,,
                """))
        .containsExactly(ANSWERED, PLAIN);
    assertThat(read("plain.csv", "clean,corrupt\na,b\n")).containsExactly(PLAIN);
    assertThat(ANSWERED.hasAnswers()).isTrue();
    assertThat(PLAIN.hasAnswers()).isFalse();
  }

  @Test
  void whatCannotBeUsedIsNamed() {
    refused("no list", "a.json", "{}");
    refused("is no valid JSON", "a.json", "[");
    refused("There are no pairs in pair file", "a.json", "[]");
    refused("Pair 1 in", "a.json", "[{\"clean\": 1, \"corrupt\": \"b\"}]");
    refused("has one answer", "a.json", "[{\"clean\":\"a\",\"corrupt\":\"b\",\"answer\":\"c\"}]");
    refused("There are no pairs", "a.csv", "clean,corrupt\n");
    refused("has no texts `clean` and `corrupt`", "a.csv", "clear,corrupt\na,b\n");
    refused("Row 1 of pair file", "a.csv", "clean,corrupt\na,b,c\n");
    refused("no valid CSV", "a.csv", "clean,clean\na,b\n");
    assertThatThrownBy(() -> PairTexts.read(folder.resolve("none.json")))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.NOT_FOUND))
        .hasMessageContaining("There is no pair file");
  }

  private void refused(String sentence, String name, String text) {
    assertThatThrownBy(() -> read(name, text))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining(sentence);
  }

  private List<PairTexts> read(String name, String text) throws IOException {
    return PairTexts.read(Files.writeString(folder.resolve(name), text));
  }
}
