package org.rolescope.export;

import static org.rolescope.export.testing.BadSnapshots.configure;
import static org.rolescope.export.testing.BadSnapshots.malformed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.export.testing.BadExport;
import org.rolescope.export.testing.BadExport.Damage;
import org.rolescope.export.testing.SnapshotCopy;
import org.rolescope.fault.FaultCode;

/**
 * A {@code config.json} that cannot be followed:
 *
 * <ul>
 *   <li>architectures and settings that are not supported: scalings, activations, quantisation
 *   <li>sizes that are zero, negative, fractions, texts, null, absurd, or do not divide each other
 * </ul>
 */
class BadConfigurationTest {
  @TempDir Path folder;

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

  private static Arguments size(String field, String found, String replacement, String expected) {
    String text = "\"%s\": %s".formatted(field, found);
    String spoilt = "\"%s\": %s".formatted(field, replacement);
    return malformed(field + " " + replacement, configure(text, spoilt), expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"unsupported", "absurdSizes"})
  void faultIsOneSentenceAndNothingIsLeft(
      String name, Damage damage, FaultCode code, String[] expected) throws IOException {
    SnapshotCopy snapshot = SnapshotCopy.in(folder);
    damage.spoil(snapshot);
    BadExport.assertFault(folder, snapshot.folder(), code, expected);
  }
}
