package org.rolescope.inference.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.stream.LongStream;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.tensors.DType;

/** A small Llama with random weights, as a snapshot on disk. Equal arguments give equal bytes. */
public final class SyntheticCheckpoint {
  /** Its layers. */
  public static final int LAYERS = 6;

  /** Tokens of its vocabulary; those of the demo pair, whose tokenizer it takes. */
  public static final int VOCABULARY = 1600;

  private static final int HIDDEN = 64;
  private static final int INTERMEDIATE = 160;
  private static final int KEY_VALUE_WIDTH = 32;
  private static final Path DEMO = Path.of("../examples/demo-models/base");

  private final DType type;
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  /**
   * A checkpoint.
   *
   * @param type element type on disk: F32, F16 or BF16
   */
  public SyntheticCheckpoint(DType type) {
    this.type = type;
    shapes.put("model.embed_tokens.weight", new long[] {VOCABULARY, HIDDEN});
    for (int layer = 0; layer < LAYERS; layer++) {
      addLayer("model.layers." + layer + ".");
    }
    shapes.put("model.norm.weight", new long[] {HIDDEN});
    shapes.put("lm_head.weight", new long[] {VOCABULARY, HIDDEN});
  }

  /** Writes the snapshot and exports it. */
  public Path export(Path folder, String name, int layersPerStage) throws IOException {
    Path snapshot = Files.createDirectories(folder.resolve("snapshots").resolve(name));
    write(snapshot);
    Path bundle = folder.resolve(name);
    new Exporter().export(new ExportRequest(snapshot, bundle, layersPerStage, false));
    return bundle;
  }

  private void write(Path snapshot) throws IOException {
    for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
      Files.copy(DEMO.resolve(file), snapshot.resolve(file));
    }
    Files.writeString(snapshot.resolve("config.json"), config());
    byte[] header = header().getBytes(StandardCharsets.UTF_8);
    long elements = shapes.values().stream().mapToLong(SyntheticCheckpoint::elements).sum();
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + (int) elements * type.sizeBytes())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header);
    Random random = new Random(20);
    shapes.forEach((_, shape) -> putTensor(bytes, random, shape));
    Files.write(snapshot.resolve("model.safetensors"), bytes.array());
  }

  private void putTensor(ByteBuffer bytes, Random random, long[] shape) {
    long count = elements(shape);
    for (long index = 0; index < count; index++) {
      float value = (float) (random.nextGaussian() * 0.08) + (shape.length == 1 ? 1 : 0);
      put(bytes, value);
    }
  }

  private void put(ByteBuffer bytes, float value) {
    switch (type) {
      case F32 -> bytes.putFloat(value);
      case F16 -> bytes.putShort(Float.floatToFloat16(value));
      case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
      case I64 -> throw new IllegalStateException("no model has integer weights");
    }
  }

  private String header() {
    StringJoiner header = new StringJoiner(",", "{", "}");
    long offset = 0;
    for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
      long end = offset + elements(tensor.getValue()) * type.sizeBytes();
      header.add(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(tensor.getKey(), type, Arrays.toString(tensor.getValue()), offset, end));
      offset = end;
    }
    return header + " ".repeat((8 - header.length() % 8) % 8);
  }

  private void addLayer(String prefix) {
    shapes.put(prefix + "input_layernorm.weight", new long[] {HIDDEN});
    shapes.put(prefix + "self_attn.q_proj.weight", new long[] {HIDDEN, HIDDEN});
    shapes.put(prefix + "self_attn.k_proj.weight", new long[] {KEY_VALUE_WIDTH, HIDDEN});
    shapes.put(prefix + "self_attn.v_proj.weight", new long[] {KEY_VALUE_WIDTH, HIDDEN});
    shapes.put(prefix + "self_attn.o_proj.weight", new long[] {HIDDEN, HIDDEN});
    shapes.put(prefix + "post_attention_layernorm.weight", new long[] {HIDDEN});
    shapes.put(prefix + "mlp.gate_proj.weight", new long[] {INTERMEDIATE, HIDDEN});
    shapes.put(prefix + "mlp.up_proj.weight", new long[] {INTERMEDIATE, HIDDEN});
    shapes.put(prefix + "mlp.down_proj.weight", new long[] {HIDDEN, INTERMEDIATE});
  }

  private static long elements(long[] shape) {
    return LongStream.of(shape).reduce(1, Math::multiplyExact);
  }

  private static String config() {
    return """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": %d,
         "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
         "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
         "hidden_act": "silu", "max_position_embeddings": 256, "rms_norm_eps": 1e-05,
         "rope_theta": 10000.0, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}
        """
        .formatted(VOCABULARY, HIDDEN, INTERMEDIATE, LAYERS);
  }
}
