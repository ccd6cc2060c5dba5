package org.rolescope.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AnswerTextTest {
  /** Every token is one byte of UTF-8, and, as some decoders do, a leading space is dropped. */
  private static final TokenDecoder BYTES =
      new TokenDecoder() {
        @Override
        public String decode(List<Long> ids) {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          ids.forEach(id -> bytes.write(id.intValue()));
          String text = bytes.toString(StandardCharsets.UTF_8);
          return text.startsWith(" ") ? text.substring(1) : text;
        }

        @Override
        public String spelling(long id) {
          return "";
        }
      };

  @Test
  void charactersComeWhole() {
    List<String> pieces = pieces(new AnswerText(BYTES, List.of()), "aé😀z");
    assertThat(pieces).containsExactly("a", "", "é", "", "", "", "😀", "z", "");
  }

  @Test
  void onlyTheSpaceAtTheVeryStartIsDropped() {
    assertThat(String.join("", pieces(new AnswerText(BYTES, List.of()), " one two  three")))
        .isEqualTo("one two  three");
  }

  @Test
  void whatMayBeginAStopTextWaits() {
    AnswerText text = new AnswerText(BYTES, List.of("END", "ENOUGH"));
    assertThat(pieces(text, "aENEx")).containsExactly("a", "", "", "EN", "Ex", "");
    assertThat(text.isStopped()).isFalse();
  }

  @Test
  void nothingFollowsAStopText() {
    AnswerText text = new AnswerText(BYTES, List.of("END"));
    assertThat(pieces(text, "aENDing")).containsExactly("a", "", "", "", "", "", "", "");
    assertThat(text.isStopped()).isTrue();
    assertThat(text.all()).isEqualTo("a");
  }

  @Test
  void whatWaitedComesAtTheEnd() {
    AnswerText text = new AnswerText(BYTES, List.of("END"));
    assertThat(pieces(text, "aEN")).containsExactly("a", "", "", "EN");
    AnswerText half = new AnswerText(BYTES, List.of());
    assertThat(half.add(0xC3)).isEmpty();
    assertThat(half.end()).isEqualTo("\uFFFD");
  }

  /** What each byte adds, and the end. */
  private static List<String> pieces(AnswerText text, String said) {
    List<String> pieces = new ArrayList<>();
    for (byte each : said.getBytes(StandardCharsets.UTF_8)) {
      pieces.add(text.add(each & 0xFF));
    }
    pieces.add(text.end());
    return pieces;
  }
}
