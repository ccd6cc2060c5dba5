package org.rolescope.export.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a byte-level tokenizer cuts text into words before it merges: one pattern after the other is
 * applied to what those before it left. The names are those of llama.cpp, the patterns those of the
 * models' own {@code tokenizer.json}, except for {@code default}, which is llama.cpp's.
 */
enum PreTokenizer {
  /** Llama 3: digits in groups of up to three; words in the vocabulary are not merged. */
  LLAMA3(
      List.of("llama-bpe", "llama3", "llama-v3"),
      true,
      true,
      List.of(Patterns.MODERN.formatted("{1,3}"))),
  /** Qwen 2, 2.5 and 3: digits one by one. */
  QWEN2(List.of("qwen2", "deepseek-r1-qwen"), false, false, List.of(Patterns.MODERN.formatted(""))),
  /** Mistral NeMo. */
  TEKKEN(List.of("tekken"), true, false, List.of(Patterns.TEKKEN)),
  /** SmolLM and SmolLM2: digits one by one, then as GPT-2. */
  SMOLLM(List.of("smollm"), false, false, List.of("\\p{N}", Patterns.GPT2)),
  /** GPT-2. */
  GPT2(List.of("gpt-2"), false, false, List.of(Patterns.GPT2)),
  /** What llama.cpp does where the converter did not recognise the tokenizer. */
  DEFAULT(
      List.of("default"),
      false,
      false,
      List.of("[\\p{P}\\$\\+<=>\\^~\\|]+", Patterns.GPT2, "\\p{N}+", "[0-9][0-9][0-9]"));

  private static final String KEY = "tokenizer.ggml.pre";

  private final List<String> names;
  private final boolean ignoresMerges;
  private final boolean addsBegin;
  private final List<String> patterns;

  PreTokenizer(
      List<String> names, boolean ignoresMerges, boolean addsBegin, List<String> patterns) {
    this.names = names;
    this.ignoresMerges = ignoresMerges;
    this.addsBegin = addsBegin;
    this.patterns = patterns;
  }

  /** Whether a word that is in the vocabulary is taken whole. */
  boolean ignoresMerges() {
    return ignoresMerges;
  }

  /** Whether prompts begin with a begin token where the file says nothing. */
  boolean addsBegin() {
    return addsBegin;
  }

  /** The one of a file. */
  static PreTokenizer of(Metadata metadata) {
    String found =
        metadata
            .text(KEY)
            .orElseThrow(
                () ->
                    Defect.unsupported(
                        metadata.file(),
                        "does not say how its tokenizer cuts words (%s)".formatted(KEY),
                        "convert the model again with a current llama.cpp"));
    return Arrays.stream(values())
        .filter(each -> each.names.contains(found))
        .findFirst()
        .orElseThrow(
            () ->
                Defect.unsupported(
                    metadata.file(),
                    "has a tokenizer that cuts words as %s does".formatted(found),
                    "those that can be read are "
                        + Arrays.stream(values())
                            .map(each -> each.names.getFirst())
                            .collect(Collectors.joining(", "))));
  }

  /** The part {@code pre_tokenizer} of {@code tokenizer.json}. */
  ObjectNode json() {
    ObjectNode sequence = JsonNodeFactory.instance.objectNode().put("type", "Sequence");
    ArrayNode parts = sequence.putArray("pretokenizers");
    for (String pattern : patterns) {
      ObjectNode split = parts.addObject().put("type", "Split");
      split.putObject("pattern").put("Regex", pattern);
      split.put("behavior", "Isolated").put("invert", false);
    }
    parts.add(byteLevel());
    return sequence;
  }

  /** Bytes as printable characters, and nothing else. */
  static ObjectNode byteLevel() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", false);
  }

  /** In a class of their own: an enum's constants cannot use its own. */
  private static final class Patterns {
    static final String GPT2 =
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    static final String MODERN =
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r"
            + "\\n"
            + "\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s| ?[^\\s\\p{L}\\p{N}]+[\\r"
            + "\\n"
            + "]*|\\s*[\\r"
            + "\\n"
            + "]+|\\s+(?!\\S)|\\s+";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    static final String TEKKEN =
        "[^\\r\\n\\p{L}\\p{N}]?%1$s*%2$s+|[^\\r\\n\\p{L}\\p{N}]?%1$s+%2$s*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
            .formatted(UPPER, LOWER);
  }
}
