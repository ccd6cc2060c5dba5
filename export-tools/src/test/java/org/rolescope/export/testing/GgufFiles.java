package org.rolescope.export.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.rolescope.export.safetensors.SafetensorsFile;
import org.rolescope.export.safetensors.TensorInfo;

/** Golden GGUF files of {@code reference/gguf/make_golden.py}, and the demo model as one. */
public final class GgufFiles {
  private static final Path FOLDER = Path.of("src", "test", "resources", "gguf").toAbsolutePath();
  private static final int LAYERS = 6;
  private static final int HEAD_SIZE = 16;

  private GgufFiles() {}

  /** A file the script made. */
  public static Path golden(String name) {
    return FOLDER.resolve(name);
  }

  /** The metadata llama.cpp's converter writes for the demo model. */
  public static GgufBytes demoMetadata() throws IOException {
    JsonNode tokenizer =
        new ObjectMapper().readTree(DemoModels.snapshot("base").resolve("tokenizer.json").toFile());
    JsonNode vocabulary = tokenizer.path("model").path("vocab");
    List<String> tokens = new ArrayList<>(Collections.nCopies(vocabulary.size(), ""));
    vocabulary.properties().forEach(entry -> tokens.set(entry.getValue().asInt(), entry.getKey()));
    List<Integer> kinds = new ArrayList<>(Collections.nCopies(tokens.size(), 1));
    tokenizer.path("added_tokens").forEach(added -> kinds.set(added.path("id").asInt(), 3));
    List<String> merges = new ArrayList<>();
    tokenizer.path("model").path("merges").forEach(merge -> merges.add(merge.asText()));
    return new GgufBytes()
        .text("general.architecture", "llama")
        .whole("llama.context_length", 256)
        .whole("llama.embedding_length", 128)
        .whole("llama.block_count", LAYERS)
        .whole("llama.feed_forward_length", 352)
        .whole("llama.attention.head_count", 8)
        .whole("llama.attention.head_count_kv", 4)
        .real("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .real("llama.rope.freq_base", 10_000)
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "gpt-2")
        .texts("tokenizer.ggml.tokens", tokens)
        .wholes("tokenizer.ggml.token_type", kinds)
        .texts("tokenizer.ggml.merges", merges)
        .whole("tokenizer.ggml.bos_token_id", 0)
        .whole("tokenizer.ggml.eos_token_id", 1)
        .flag("tokenizer.ggml.add_bos_token", 1);
  }

  /**
   * The demo model, every tensor in one type.
   *
   * @param type F32, F16 or BF16
   */
  public static byte[] demo(String type) throws IOException {
    GgufBytes file = demoMetadata();
    addDemoTensors(file, type);
    return file.build();
  }

  /** Adds the tensors of the demo model under the names and in the row order of llama.cpp. */
  public static void addDemoTensors(GgufBytes file, String type) throws IOException {
    add(file, type, "token_embd.weight", "model.embed_tokens.weight", false);
    add(file, type, "output_norm.weight", "model.norm.weight", false);
    for (int layer = 0; layer < LAYERS; layer++) {
      String from = "model.layers." + layer + ".";
      String to = "blk." + layer + ".";
      add(file, type, to + "attn_norm.weight", from + "input_layernorm.weight", false);
      add(file, type, to + "attn_q.weight", from + "self_attn.q_proj.weight", true);
      add(file, type, to + "attn_k.weight", from + "self_attn.k_proj.weight", true);
      add(file, type, to + "attn_v.weight", from + "self_attn.v_proj.weight", false);
      add(file, type, to + "attn_output.weight", from + "self_attn.o_proj.weight", false);
      add(file, type, to + "ffn_norm.weight", from + "post_attention_layernorm.weight", false);
      add(file, type, to + "ffn_gate.weight", from + "mlp.gate_proj.weight", false);
      add(file, type, to + "ffn_up.weight", from + "mlp.up_proj.weight", false);
      add(file, type, to + "ffn_down.weight", from + "mlp.down_proj.weight", false);
    }
  }

  private static void add(
      GgufBytes file, String type, String name, String source, boolean interleaved)
      throws IOException {
    SafetensorsFile weights =
        SafetensorsFile.read(DemoModels.snapshot("base").resolve("model.safetensors"));
    TensorInfo tensor = weights.tensor(source).orElseThrow();
    float[] numbers = numbers(weights, source);
    int rows = tensor.shape().getFirst().intValue();
    int width = numbers.length / rows;
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      int from = interleaved ? interleaved(row) : row;
      for (int column = 0; column < width; column++) {
        float number = numbers[from * width + column];
        switch (type) {
          case "F32" -> bytes.putFloat(number);
          case "F16" -> bytes.putShort(Float.floatToFloat16(number));
          default -> bytes.putShort((short) (Float.floatToIntBits(number) >>> 16));
        }
      }
    }
    byte[] data = new byte[bytes.flip().remaining()];
    bytes.get(data);
    int id = type.equals("F32") ? 0 : type.equals("F16") ? 1 : 30;
    if (tensor.shape().size() == 1) {
      file.tensor(name, id, data, rows);
    } else {
      file.tensor(name, id, data, width, rows);
    }
  }

  /** The row of a checkpoint that is this row of a file of llama.cpp. */
  private static int interleaved(int row) {
    int inHead = row % HEAD_SIZE;
    return row - inHead + inHead % 2 * (HEAD_SIZE / 2) + inHead / 2;
  }

  /** The numbers of a tensor of 16 or 32 bits. */
  public static float[] numbers(SafetensorsFile file, String name) throws IOException {
    TensorInfo tensor = file.tensor(name).orElseThrow();
    ByteBuffer bytes = ByteBuffer.allocate((int) tensor.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file.path())) {
      while (bytes.hasRemaining() && channel.read(bytes, tensor.offsetBytes() + bytes.position()) > 0) {}
    }
    bytes.flip();
    float[] numbers = new float[bytes.remaining() / (tensor.type().sizeBits() / 8)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          switch (tensor.type()) {
            case F32 -> bytes.getFloat();
            case F16 -> Float.float16ToFloat(bytes.getShort());
            case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
            default -> throw new IllegalArgumentException("no numbers of type " + tensor.type());
          };
    }
    return numbers;
  }
}
