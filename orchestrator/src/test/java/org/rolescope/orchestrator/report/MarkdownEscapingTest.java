package org.rolescope.orchestrator.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.text.TextContentRenderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MarkdownEscapingTest {
  private static final String MARKUP = "\\`*_[]<>|&~#!-+=.)(1 a\"':/;\t";

  @Test
  void leavesOrdinaryTextReadable() {
    String text = "self_referent: 30% of -0.4 (95% CI, naïve 𝔘), q = 0.05; layer 1.";
    assertEquals(text, escape(text));
    assertEquals("+0.25", escape("+0.25"));
    assertEquals("–", escape("–"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "a | b",
        "[a](javascript:alert(1))",
        "![a](b)",
        "*a* _b_ __c__ `d` ~~e~~",
        "# a",
        "- a",
        "+ a",
        "1. a",
        "1) a",
        "===",
        "---",
        "> a",
        "&lt;b&gt;",
        "a\\",
        "<http://a.b>",
        "***",
        "a  \\ | \\| b",
      })
  void markupStandsForItself(String text) {
    assertRendersAs(text);
  }

  @Test
  void anyTextStandsForItself() {
    long seed = 11;
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder("x");
      for (int length = random.nextInt(12); length > 0; length--) {
        text.append(MARKUP.charAt(random.nextInt(MARKUP.length())));
      }
      assertRendersAs(text.substring(random.nextInt(2)));
    }
  }

  @Test
  void lineFeedsAndControlsBecomeSpaces() {
    assertEquals("a b c d", escape("a\r\nb\u0000c\u2028d"));
  }

  /** As a paragraph and as a cell, what was escaped comes out as it was, but for white space. */
  private static void assertRendersAs(String text) {
    String expected = text.replaceAll("\\s+", " ").strip();
    assertEquals(expected, render(escape(text)), () -> "paragraph of `" + text + "`");
    String table = "| h | h |\n| --- | --- |\n| " + escape(text) + " | end |\n";
    assertEquals(
        ("h| h " + expected + "| end").replaceAll("\\s+", " "),
        render(table).replaceAll("\\s+", " "),
        () -> "cell of `" + text + "`");
  }

  private static String escape(String text) {
    return new MarkdownEscaping().escape(text);
  }

  private static String render(String markdown) {
    Node document =
        Parser.builder().extensions(List.of(TablesExtension.create())).build().parse(markdown);
    return TextContentRenderer.builder()
        .extensions(List.of(TablesExtension.create()))
        .build()
        .render(document)
        .replaceAll("\\s+", " ")
        .strip();
  }
}
