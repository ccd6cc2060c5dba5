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
import java.util.TreeSet;
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
    addTensors(file, DemoModels.snapshot("base"), type, HEAD_SIZE);
  }

  /**
   * Adds the tensors of a checkpoint under the names of llama.cpp.
   *
   * @param snapshot its folder
   * @param type F32, F16 or BF16
   * @param headSize size of the heads whose rows are interleaved; 0 for families where none are
   */
  public static void addTensors(GgufBytes file, Path snapshot, String type, int headSize)
      throws IOException {
    SafetensorsFile weights = SafetensorsFile.read(snapshot.resolve("model.safetensors"));
    for (String name : new TreeSet<>(weights.tensors().keySet())) {
      boolean rotated = name.contains(".q_proj.") || name.contains(".k_proj.");
      add(file, weights, name, type, rotated ? headSize : 0);
    }
  }

  private static String nameInGguf(String name) {
    return name.replace("model.layers.", "blk.")
        .replace("model.embed_tokens", "token_embd")
        .replace("model.norm", "output_norm")
        .replace("lm_head", "output")
        .replace("input_layernorm", "attn_norm")
        .replace("post_attention_layernorm", "ffn_norm")
        .replaceFirst("self_attn\\.([qkv])_proj", "attn_$1")
        .replaceFirst("self_attn\\.([qk])_norm", "attn_$1_norm")
        .replace("self_attn.o_proj", "attn_output")
        .replaceFirst("mlp\\.(gate|up|down)_proj", "ffn_$1");
  }

  private static void add(
      GgufBytes file, SafetensorsFile weights, String source, String type, int headSize)
      throws IOException {
    TensorInfo tensor = weights.tensor(source).orElseThrow();
    float[] numbers = numbers(weights, source);
    int rows = tensor.shape().getFirst().intValue();
    int width = numbers.length / rows;
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      int from = headSize > 0 ? interleaved(row, headSize) : row;
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
      file.tensor(nameInGguf(source), id, data, rows);
    } else {
      file.tensor(nameInGguf(source), id, data, width, rows);
    }
  }

  /** The row of a checkpoint that is this row of a file of llama.cpp. */
  private static int interleaved(int row, int headSize) {
    int inHead = row % headSize;
    return row - inHead + inHead % 2 * (headSize / 2) + inHead / 2;
  }

  /** The numbers of a tensor of 16 or 32 bits. */
  public static float[] numbers(SafetensorsFile file, String name) throws IOException {
    TensorInfo tensor = file.tensor(name).orElseThrow();
    ByteBuffer bytes = ByteBuffer.allocate((int) tensor.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file.path())) {
      while (bytes.hasRemaining()
          && channel.read(bytes, tensor.offsetBytes() + bytes.position()) > 0) {}
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
