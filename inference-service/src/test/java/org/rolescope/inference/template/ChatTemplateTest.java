package org.rolescope.inference.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

final class ChatTemplateTest {
  private static final String FOLDER = "/chat-templates/";

  static Stream<String> models() throws IOException {
    return golden().path("templates").properties().stream().map(Map.Entry::getKey);
  }

  /** rendered.json: transformers 4.57.3, by reference/prompt-options/render_templates.py. */
  @ParameterizedTest
  @MethodSource("models")
  void textsAreThoseOfTransformers(String model) throws IOException {
    JsonNode golden = golden();
    JsonNode expected = golden.path("templates").path(model);
    Map<String, String> tokens = new HashMap<>();
    Stream.of("bos_token", "eos_token")
        .filter(token -> expected.path(token).isTextual())
        .forEach(token -> tokens.put(token, expected.path(token).asText()));
    assertThat(
            new ChatTemplate(resource(model + ".jinja"), tokens)
                .render(texts(golden.path("prompts"))))
        .isEqualTo(texts(expected.path("rendered")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(1000000000) %}x{% endfor %}",
        "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "{% for a in range(90000) %}{% for b in range(90000) %}x{% endfor %}{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for a in range(90) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for a in range(90) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for a in range(90) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | tojson }}",
        "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}",
        "{% macro m(x) %}{{ m(x + 1) }}{{ m(x + 1) }}{% endmacro %}{{ m(1) }}",
        "{% set s = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' %}{% set s = s.replace('x', s).replace('x', s).replace('x', s).replace('x', s).replace('x', s) %}{{ s | length }}",
      })
  void aTemplateWithoutEndIsStopped(String text) {
    assertRefused(text, "does more than it may|nests deeper or makes longer text than it may");
  }

  @Test
  void deepNestingIsStopped() {
    assertRefused("{{ " + "(".repeat(50_000) + "1" + ")".repeat(50_000) + " }}", "nests deeper");
    assertRefused("x".repeat(1 << 19), "has 524288 characters, more than the 262144 it may have");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{% include '/etc/passwd' %}                                        | fails: ",
        "{% import '/etc/passwd' as x %}{{ x }}                             | fails: ",
        "{{ open('/etc/passwd').read() }}                                   | fails: ",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}                     | fails: ",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}            | fails: ",
        "{{ messages.constructor.constructor('return this')() }}            | fails: ",
        "{{ raise_exception.constructor('return Java')() }}                 | fails: ",
        "{{ raise_exception('only assistants may speak') }}                 | refuses prompt 0: only assistants may speak",
        "{% if true %}                                                      | fails: ",
        "{{ 1 +                                                             | fails: ",
        "{% for %}                                                          | fails: ",
        "{{ nothing.at() }}                                                 | fails: ",
      })
  void whatATemplateMayNotDoIsOneSentence(String text, String sentence) {
    assertRefused(text, sentence);
  }

  @Test
  void loopsMayBeLeftAndGoneOnWith() {
    String text =
        "{% for a in range(2000) %}{% if a % 2 %}{% continue %}{% endif %}{% if a > 1000 %}{% break %}{% endif %}{{ a if a > 996 }}{% endfor %}";
    assertThat(new ChatTemplate(text, Map.of()).render(List.of("a"))).containsExactly("9981000");
  }

  @Test
  void rendersAgainAsBefore() {
    ChatTemplate template =
        new ChatTemplate(
            "{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }} {{ strftime_now('%Y-%m-%d %d %b %Y %B') }}",
            Map.of());
    assertThat(template.render(List.of("a", "b")))
        .containsExactly("1 2024-07-26 26 Jul 2024 July", "1 2024-07-26 26 Jul 2024 July");
  }

  @Test
  void longPromptsFit() {
    String prompt = "Who are you? ".repeat(4_000);
    assertThat(
            new ChatTemplate("{{ messages[0].content | trim }}", Map.of()).render(List.of(prompt)))
        .containsExactly(prompt.strip());
  }

  private static void assertRefused(String text, String sentence) {
    assertThatThrownBy(() -> new ChatTemplate(text, Map.of()).render(List.of("Who are you?")))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .message()
        .startsWith("The model's chat template ")
        .containsPattern(sentence)
        .hasLineCount(1);
  }

  private static JsonNode golden() throws IOException {
    return new JsonMapper().readTree(resource("rendered.json"));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ChatTemplateTest.class.getResourceAsStream(FOLDER + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
