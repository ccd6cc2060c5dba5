package org.rolescope.inference.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Source;

/** The JavaScript that renders templates, parsed once for the whole process. */
final class Scripts {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Shared by all contexts: holds parsed scripts, and nothing of what they do. */
  static final Engine ENGINE =
      Engine.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();

  /** Gives the exports of Hugging Face's Jinja, a module in the form of CommonJS. */
  static final Source LIBRARY =
      source(
          "huggingface-jinja-0.5.11.cjs",
          "(function () { const module = {exports: {}}; (function (module, exports) {",
          "\n})(module, module.exports); return module.exports; })()");

  /** Gives the function that compiles a template. */
  static final Source RENDER = source("render.js", "", "");

  private Scripts() {}

  static String json(Map<String, String> tokens) {
    try {
      return MAPPER.writeValueAsString(tokens);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("texts can be written as JSON", impossible);
    }
  }

  private static Source source(String name, String before, String after) {
    try (InputStream in = Scripts.class.getResourceAsStream(name)) {
      String script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Source.newBuilder("js", before + script + after, name).buildLiteral();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
