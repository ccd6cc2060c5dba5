package org.rolescope.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.RolescopeException;

final class AnswerFileTest {
  @TempDir private Path folder;

  @Test
  void answersAreFoundByPromptAndSpacesCount() throws IOException {
    AnswerFile file = read("prompt,first,second\n\"Are you, here?\", yes,no\nWho?, I,you\n");
    assertThat(file.of(List.of("Who?", "Are you, here?")))
        .extracting(answer -> answer.getFirst() + "|" + answer.getSecond())
        .containsExactly(" I|you", " yes|no");
  }

  @Test
  void whatIsMissingOrTwiceIsNamed() {
    assertThatThrownBy(() -> read("prompt,first,second\nWho?,a,b\n").of(List.of("What?")))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("no row for prompt `What?`");
    assertThatThrownBy(() -> read("prompt,first,second\nWho?,a,b\nWho?,c,d\n"))
        .hasMessageContaining("has prompt `Who?` twice");
    assertThatThrownBy(() -> read("prompt,first\nWho?,a\n"))
        .hasMessageContaining("it needs prompt,first,second");
    assertThatThrownBy(() -> read("prompt,first,second\nWho?,a\n"))
        .hasMessageContaining("Row 1 of answer file");
    assertThatThrownBy(() -> AnswerFile.read(folder.resolve("none.csv")))
        .hasMessageContaining("There is no answer file");
  }

  private AnswerFile read(String text) throws IOException {
    return AnswerFile.read(Files.writeString(folder.resolve("answers.csv"), text));
  }
}
