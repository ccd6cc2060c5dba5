package org.rolescope.export;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.export.testing.BadExport;
import org.rolescope.export.testing.BadExport.Damage;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.SafetensorsBytes;
import org.rolescope.export.testing.SnapshotCopy;
import org.rolescope.fault.FaultCode;

/**
 * Every kind of bad checkpoint ends in one sentence and leaves nothing behind. The kinds, more than
 * a hundred with those of {@link BadShardIndexTest}, {@link BadTokenizerTest} and {@code
 * SafetensorsFileTest} (which has the defects inside a weight file: headers that lie about their
 * length or are too large, text that is no JSON or too deep, shapes and offsets that are negative,
 * overlap, leave holes, overflow, reach beyond the file or disagree, tensors that are there twice):
 *
 * <ul>
 *   <li>parts that are missing, of another format, folders, symbolic links in a circle or out of
 *       the folder
 *   <li>files that are cut off, empty, too large, no JSON, JSON of another kind, too deeply nested
 *   <li>tensors that are missing, of another type or shape than the configuration says; weights
 *       that are NaN or infinite
 *   <li>architectures and settings that are not supported: scalings, activations, quantisation
 *   <li>sizes that are zero, negative, fractions, texts, null, absurd, or do not divide each other
 * </ul>
 */
class BadSnapshotTest {
  @TempDir Path folder;

  static Stream<Arguments> missingParts() {
    return Stream.of(
        missing("no config", delete("config.json"), "has no file config.json"),
        missing("no weights", delete("model.safetensors"), "has no file model.safetensors"),
        missing("no tokenizer", delete("tokenizer.json"), "has no file tokenizer.json"),
        missing(
            "pickled weights",
            snapshot ->
                Files.move(snapshot.file("model.safetensors"), snapshot.file("pytorch_model.bin")),
            "it has pytorch_model.bin, but that format cannot be read"),
        missing(
            "sentencepiece tokenizer",
            snapshot ->
                Files.move(snapshot.file("tokenizer.json"), snapshot.file("tokenizer.model")),
            "it has tokenizer.model, but that format cannot be read"),
        missing(
            "symlink loop",
            snapshot -> {
              Path file = snapshot.file("model.safetensors");
              Files.delete(file);
              Files.createSymbolicLink(file, file.getFileName());
            },
            "has no file model.safetensors"),
        missing(
            "folder instead of weights",
            snapshot -> {
              Files.delete(snapshot.file("model.safetensors"));
              Files.createDirectory(snapshot.file("model.safetensors"));
            },
            "has no file model.safetensors"));
  }

  static Stream<Arguments> badFiles() {
    return Stream.of(
        malformed("config no JSON", write("config.json", "{"), "config.json is damaged"),
        malformed("config a list", write("config.json", "[1]"), "is not one JSON object"),
        malformed("config twice", write("config.json", "{}{}"), "config.json is damaged"),
        malformed("config empty", write("config.json", ""), "config.json is"),
        malformed(
            "config duplicate",
            write("config.json", "{\"vocab_size\":1,\"vocab_size\":2}"),
            "Duplicate field"),
        malformed(
            "config deep", write("config.json", "{\"a\":" + "[".repeat(5_000)), "nesting depth"),
        malformed("config huge", enlarge("config.json", 17L << 20), "at most 16777216 are allowed"),
        malformed("tokenizer no JSON", write("tokenizer.json", "PK"), "tokenizer.json is damaged"),
        malformed("tokenizer a list", write("tokenizer.json", "[]"), "is not one JSON object"),
        malformed("tokenizer cut off", cut("tokenizer.json", 100), "tokenizer.json is damaged"),
        malformed(
            "tokenizer huge",
            enlarge("tokenizer.json", (256L << 20) + 1),
            "at most 268435456 are allowed"),
        malformed("weights cut off", cut("model.safetensors", 1_000_000), "ends at data byte"),
        malformed(
            "weights linked from elsewhere",
            snapshot -> {
              Path file = snapshot.file("model.safetensors");
              Path elsewhere = snapshot.folder().resolveSibling("elsewhere.safetensors");
              Files.move(file, elsewhere);
              Files.createSymbolicLink(file, elsewhere);
            },
            "is a link that leads out of its folder"),
        malformed(
            "tokenizer settings linked from elsewhere",
            snapshot -> {
              Path file = snapshot.file("tokenizer_config.json");
              Path elsewhere = snapshot.folder().resolveSibling("secret.json");
              Files.move(file, elsewhere);
              Files.createSymbolicLink(file, elsewhere);
            },
            "tokenizer_config.json is a link that leads out of its folder"),
        malformed("weights empty", write("model.safetensors", ""), "it has 0 bytes"),
        malformed(
            "tensor missing",
            snapshot -> snapshot.replace("model.safetensors", "model.norm.w", "model.mron.w"),
            "have no tensor model.norm.weight, which config.json calls for with shape [128]"),
        malformed(
            "tensor of another type",
            snapshot -> {
              Path file = snapshot.file("model.safetensors");
              Map<String, SafetensorsBytes.Tensor> tensors = SafetensorsBytes.read(file);
              tensors.put("model.norm.weight", SafetensorsBytes.zeros("I16", 128));
              SafetensorsBytes.write(file, tensors);
            },
            "model.norm.weight in",
            "has element type I16, which is not supported"),
        malformed(
            "shapes disagree",
            configure("\"intermediate_size\": 352", "\"intermediate_size\": 351"),
            "model.layers.0.mlp.gate_proj.weight",
            "has shape [352, 128] but config.json calls for [351, 128]"),
        malformed(
            "vocabulary disagrees",
            configure("\"vocab_size\": 1600", "\"vocab_size\": 1601"),
            "model.embed_tokens.weight",
            "calls for [1601, 128]"),
        malformed(
            "one layer too many",
            configure("\"num_hidden_layers\": 6", "\"num_hidden_layers\": 7"),
            "have no tensor model.layers.6.input_layernorm.weight"),
        malformed(
            "untied without output matrix",
            configure("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"),
            "have no tensor lm_head.weight"));
  }

  static Stream<Arguments> unsupported() {
    return Stream.of(
        malformed(
            "architecture",
            configure("LlamaForCausalLM", "MambaForCausalLM"),
            "MambaForCausalLM",
            "supported are: LlamaForCausalLM"),
        malformed(
            "model type",
            configure("\"model_type\": \"llama\"", "\"model_type\": \"mamba\""),
            "mamba"),
        malformed(
            "no architecture",
            snapshot -> {
              snapshot.configure("\"model_type\": \"llama\",", "");
              snapshot.configure("\"architectures\"", "\"other\"");
            },
            "names no architecture"),
        malformed(
            "rope scaling",
            configure("\"rope_scaling\": null", "\"rope_scaling\": {\"rope_type\": \"longrope\"}"),
            "rope_scaling.rope_type = \"longrope\", which is not supported yet"),
        malformed(
            "old rope scaling",
            configure("\"rope_scaling\": null", "\"rope_scaling\": {\"type\": \"su\"}"),
            "rope_scaling.type = \"su\""),
        malformed(
            "nameless rope scaling",
            configure("\"rope_scaling\": null", "\"rope_scaling\": {\"factor\": 8}"),
            "rope_scaling.factor = 8"),
        malformed(
            "rope parameters",
            configure("\"rope_scaling\": null", "\"rope_parameters\": {\"rope_type\": \"mrope\"}"),
            "rope_parameters.rope_type = \"mrope\""),
        malformed(
            "partly rotary",
            configure("\"rope_scaling\": null", "\"partial_rotary_factor\": 0.5"),
            "partial_rotary_factor = 0.5"),
        malformed(
            "bias without a tensor",
            configure("\"attention_bias\": false", "\"attention_bias\": true"),
            "have no tensor model.layers.0.self_attn.q_proj.bias"),
        malformed(
            "rope theta below 1",
            configure("\"rope_theta\": 10000.0", "\"rope_theta\": 1e-300"),
            "rope_theta is 1.0E-300 where a number from 1.0"),
        malformed(
            "scaling without its numbers",
            configure("\"rope_scaling\": null", "\"rope_scaling\": {\"type\": \"linear\"}"),
            "rope_scaling.factor is missing"),
        malformed(
            "scaling by nothing",
            configure(
                "\"rope_scaling\": null",
                "\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 0}"),
            "rope_scaling.factor is 0 where a number from 1.0"),
        malformed(
            "llama3 scaling that divides by zero",
            configure(
                "\"rope_scaling\": null",
                "\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4,"
                    + " \"high_freq_factor\": 4, \"original_max_position_embeddings\": 64}"),
            "high_freq_factor is 4.0, which is not above"),
        malformed(
            "activation", configure("\"silu\"", "\"gelu\""), "hidden_act = \"gelu\"", "\"silu\""),
        malformed(
            "quantised",
            configure("\"use_cache\": true", "\"quantization_config\": {\"bits\": 4}"),
            "quantization_config = {\"bits\":4}"));
  }

  static Stream<Arguments> absurdSizes() {
    return Stream.of(
        size("num_attention_heads", "8", "0", "num_attention_heads is 0 where"),
        size("num_attention_heads", "8", "-8", "num_attention_heads is -8 where"),
        size("num_attention_heads", "8", "null", "num_attention_heads is missing"),
        size("num_attention_heads", "8", "\"8\"", "is \"8\" where a whole number"),
        size("num_attention_heads", "8", "8.5", "is 8.5 where a whole number"),
        size("num_attention_heads", "8", "true", "is true where a whole number"),
        size("num_attention_heads", "8", "99999999999999999999", "where a whole number"),
        size("num_attention_heads", "8", "6", "4, which does not divide the 6 heads"),
        size("num_key_value_heads", "4", "3", "3, which does not divide the 8 heads"),
        size("num_key_value_heads", "4", "0", "num_key_value_heads is 0"),
        size("num_key_value_heads", "4", "16", "16, which does not divide the 8 heads"),
        size("head_dim", "16", "15", "head_dim is 15 where an even number"),
        size("head_dim", "16", "0", "head_dim is 0"),
        size("hidden_size", "128", "2147483647", "hidden_size is 2147483647 where"),
        size("hidden_size", "128", "0", "hidden_size is 0"),
        size("intermediate_size", "352", "-1", "intermediate_size is -1"),
        size("num_hidden_layers", "6", "0", "num_hidden_layers is 0"),
        size("num_hidden_layers", "6", "2000000000", "from 1 to 1000"),
        size("vocab_size", "1600", "0", "vocab_size is 0"),
        size("vocab_size", "1600", "null", "vocab_size is missing"),
        size("max_position_embeddings", "256", "0", "max_position_embeddings is 0"),
        size("rms_norm_eps", "1e-05", "0", "rms_norm_eps is 0"),
        size("rms_norm_eps", "1e-05", "null", "rms_norm_eps is missing"),
        size("rms_norm_eps", "1e-05", "\"tiny\"", "rms_norm_eps is \"tiny\""),
        size("rope_theta", "10000.0", "-1", "rope_theta is -1"),
        size("rope_theta", "10000.0", "1e999", "rope_theta is"),
        size("rope_theta", "10000.0", "NaN", "config.json is damaged"),
        size("tie_word_embeddings", "true", "1", "is 1 where true or false"),
        size("hidden_act", "\"silu\"", "7", "is 7 where text"),
        size("rope_scaling", "null", "[]", "rope_scaling is [] where a JSON object"),
        size("model_type", "\"llama\"", "{}", "model_type is {} where text"),
        malformed(
            "hidden size not divisible",
            snapshot -> {
              snapshot.configure("\"head_dim\": 16,", "");
              snapshot.configure("\"hidden_size\": 128", "\"hidden_size\": 127");
            },
            "hidden_size is 127, which 8 heads do not divide"));
  }

  static Stream<Arguments> badNumbers() {
    return Stream.of(
        number("F32 NaN", "F32", 0x7fc0_0001, 127, "byte 508 of tensor model.norm.weight"),
        number("F32 infinity", "F32", 0xff80_0000, 0, "byte 0 of tensor model.norm.weight"),
        number("F16 infinity", "F16", 0x7c00, 5, "byte 10 of tensor model.norm.weight"),
        number("BF16 NaN", "BF16", 0xffff, 1, "byte 2 of tensor model.norm.weight is NaN"));
  }

  private static Arguments number(String name, String type, int bits, int place, String expected) {
    Damage damage =
        snapshot -> {
          Path file = snapshot.file("model.safetensors");
          Map<String, SafetensorsBytes.Tensor> tensors = SafetensorsBytes.read(file);
          tensors.put("model.norm.weight", SafetensorsBytes.spoilt(type, 128, place, bits));
          SafetensorsBytes.write(file, tensors);
        };
    return malformed(name, damage, expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"missingParts", "badFiles", "badNumbers", "unsupported", "absurdSizes"})
  void faultIsOneSentenceAndNothingIsLeft(
      String name, Damage damage, FaultCode code, String[] expected) throws IOException {
    SnapshotCopy snapshot = SnapshotCopy.in(folder);
    damage.spoil(snapshot);
    assertFault(snapshot.folder(), code, expected);
  }

  @Test
  void missingFolderIsNotFound() {
    assertFault(folder.resolve("none"), FaultCode.NOT_FOUND, "There is no folder", "config.json");
  }

  @Test
  void fileInsteadOfAFolderIsNotFound() {
    Path file = DemoModels.snapshot("base").resolve("config.json");
    assertFault(file, FaultCode.NOT_FOUND, "There is no folder");
  }

  private void assertFault(Path snapshot, FaultCode code, String... expected) {
    BadExport.assertFault(folder, snapshot, code, expected);
  }

  private static Arguments missing(String name, Damage damage, String... expected) {
    return arguments(name, damage, FaultCode.NOT_FOUND, expected);
  }

  private static Arguments malformed(String name, Damage damage, String... expected) {
    return arguments(name, damage, FaultCode.MALFORMED_MODEL, expected);
  }

  private static Arguments size(String field, String found, String replacement, String expected) {
    String text = "\"%s\": %s".formatted(field, found);
    String spoilt = "\"%s\": %s".formatted(field, replacement);
    return malformed(field + " " + replacement, configure(text, spoilt), expected);
  }

  private static Damage configure(String found, String replacement) {
    return snapshot -> snapshot.configure(found, replacement);
  }

  private static Damage delete(String name) {
    return snapshot -> Files.delete(snapshot.file(name));
  }

  private static Damage write(String name, String content) {
    return snapshot -> Files.writeString(snapshot.file(name), content);
  }

  private static Damage cut(String name, long bytes) {
    return snapshot -> resize(snapshot.file(name), -bytes);
  }

  private static Damage enlarge(String name, long bytes) {
    return snapshot -> resize(snapshot.file(name), bytes);
  }

  private static void resize(Path path, long bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(bytes < 0 ? file.length() + bytes : bytes);
    }
  }
}
