package org.rolescope.export.gguf;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of tensors: as llama.cpp spells them and as Hugging Face transformers does. */
final class TensorNames {
  /** The table of token embeddings. */
  static final String EMBEDDING = "token_embd.weight";

  /** The unembedding; absent where it is the embedding. */
  static final String UNEMBEDDING = "output.weight";

  /** What rotary frequencies are divided by, [head_size / 2]; absent where by nothing. */
  static final String ROTARY_FACTORS = "rope_freqs.weight";

  /** Biases that say which projections of a block have one. */
  static final String QUERY_BIAS = "blk.0.attn_q.bias";

  static final String MLP_BIAS = "blk.0.ffn_gate.bias";

  private static final Map<String, String> WHOLE =
      Map.of(
          EMBEDDING,
          "model.embed_tokens.weight",
          "output_norm.weight",
          "model.norm.weight",
          UNEMBEDDING,
          "lm_head.weight");

  private static final Pattern BLOCK =
      Pattern.compile("blk\\.(0|[1-9][0-9]{0,5})\\.([a-z_]+)\\.(weight|bias)");

  private static final Map<String, String> PARTS =
      Map.ofEntries(
          Map.entry("attn_norm", "input_layernorm"),
          Map.entry("attn_q", "self_attn.q_proj"),
          Map.entry("attn_k", "self_attn.k_proj"),
          Map.entry("attn_v", "self_attn.v_proj"),
          Map.entry("attn_output", "self_attn.o_proj"),
          Map.entry("attn_q_norm", "self_attn.q_norm"),
          Map.entry("attn_k_norm", "self_attn.k_norm"),
          Map.entry("ffn_norm", "post_attention_layernorm"),
          Map.entry("ffn_gate", "mlp.gate_proj"),
          Map.entry("ffn_up", "mlp.up_proj"),
          Map.entry("ffn_down", "mlp.down_proj"));

  private TensorNames() {}

  /** The name in a checkpoint, or empty for a tensor no family has. */
  static Optional<String> inCheckpoint(String name) {
    Matcher block = BLOCK.matcher(name);
    if (block.matches()) {
      return Optional.ofNullable(PARTS.get(block.group(2)))
          .map(part -> "model.layers.%s.%s.%s".formatted(block.group(1), part, block.group(3)));
    }
    return Optional.ofNullable(WHOLE.get(name));
  }

  /** Whether the rows of this tensor are turned in pairs by rotary positions. */
  static boolean isRotated(String name) {
    Matcher block = BLOCK.matcher(name);
    return block.matches() && (block.group(2).equals("attn_q") || block.group(2).equals("attn_k"));
  }
}
