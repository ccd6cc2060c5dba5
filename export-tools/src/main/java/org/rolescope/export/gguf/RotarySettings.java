package org.rolescope.export.gguf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rolescope.export.file.FileFaults;

/** How a file says that rotary positions are scaled: by settings, or by a tensor of factors. */
final class RotarySettings {
  private static final int MAX_CONTEXT = 1 << 30;
  private static final int LLAMA3_CONTEXT = 8_192;
  private static final double DEFAULT_THETA = 10_000;
  private static final String EXPORT_ORIGINAL = "export the original checkpoint instead";
  private static final Set<String> KNOWN =
      Set.of("type", "factor", "original_context_length", "finetuned");

  private final GgufFile file;
  private final Metadata metadata;
  private final String prefix;
  private final int headSize;

  RotarySettings(GgufFile file, GgufFamily family, int headSize) {
    this.file = file;
    this.metadata = file.metadata();
    this.prefix = family.architecture() + ".";
    this.headSize = headSize;
  }

  /** Longest prompt in tokens, any scaling included. */
  int contextLength() {
    return metadata.size(prefix + "context_length", MAX_CONTEXT);
  }

  /** Base of the frequencies. */
  double theta() {
    return metadata.number(prefix + "rope.freq_base").orElse(DEFAULT_THETA);
  }

  /** The setting {@code rope_scaling} of {@code config.json}; empty where nothing is scaled. */
  Optional<ObjectNode> scaling() {
    checkKeys();
    Optional<RotaryFactors> factors = factors().filter(found -> !found.changeNothing());
    Optional<ObjectNode> settings = settings();
    if (factors.isPresent() && settings.isPresent()) {
      throw Defect.unsupported(
          file.path(), "scales rotary positions both by settings and by factors", EXPORT_ORIGINAL);
    }
    return factors.map(this::reconstructed).or(() -> settings);
  }

  private void checkKeys() {
    String scaling = prefix + "rope.scaling.";
    for (String key : metadata.values().keySet()) {
      if (key.startsWith(scaling) && !KNOWN.contains(key.substring(scaling.length()))) {
        throw Defect.unsupported(file.path(), "has the setting " + key, EXPORT_ORIGINAL);
      }
    }
  }

  private Optional<ObjectNode> settings() {
    Optional<Double> factor = metadata.number(prefix + "rope.scaling.factor");
    Optional<Double> older = metadata.number(prefix + "rope.scale_linear");
    String type =
        metadata
            .text(prefix + "rope.scaling.type")
            .orElse(older.or(() -> factor).isPresent() ? "linear" : "none");
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    return switch (type) {
      case "none" -> Optional.empty();
      case "linear" ->
          Optional.of(node.put("rope_type", type).put("factor", required(factor.or(() -> older))));
      case "yarn" ->
          Optional.of(
              node.put("rope_type", type)
                  .put("factor", required(factor))
                  .put(
                      "original_max_position_embeddings",
                      metadata.size(prefix + "rope.scaling.original_context_length", MAX_CONTEXT)));
      default ->
          throw Defect.unsupported(
              file.path(),
              "scales rotary positions by the method %s".formatted(type),
              "methods that can be read are none, linear, yarn and that of Llama 3.1");
    };
  }

  private double required(Optional<Double> factor) {
    return factor.orElseThrow(
        () -> new Defect.Missing(prefix + "rope.scaling.factor").in(file.path()));
  }

  private ObjectNode reconstructed(RotaryFactors factors) {
    int likely =
        metadata
            .whole(prefix + "rope.scaling.original_context_length", 1, MAX_CONTEXT)
            .orElse(LLAMA3_CONTEXT);
    return factors
        .scaling(likely)
        .orElseThrow(
            () ->
                Defect.unsupported(
                    file.path(),
                    "holds rotary factors in %s that are not those of the scaling of Llama 3.1"
                        .formatted(TensorNames.ROTARY_FACTORS),
                    EXPORT_ORIGINAL));
  }

  private Optional<RotaryFactors> factors() {
    return file.tensors().stream()
        .filter(tensor -> tensor.name().equals(TensorNames.ROTARY_FACTORS))
        .findFirst()
        .map(this::factors);
  }

  private RotaryFactors factors(GgufTensor tensor) {
    if (tensor.type() != GgufType.F32 || tensor.length() != headSize / 2) {
      throw new Defect.Contradiction(
              "its tensor %s is %s %s where F32 [%d] is needed"
                  .formatted(tensor.name(), tensor.type(), tensor.shape(), headSize / 2))
          .in(file.path());
    }
    try {
      return new RotaryFactors(theta(), floats(tensor));
    } catch (IOException unreadable) {
      throw FileFaults.unreadable(file.path(), unreadable);
    }
  }

  private List<Float> floats(GgufTensor tensor) throws IOException {
    return file.use(
        bytes -> {
          List<Float> floats = new ArrayList<>();
          for (long at = 0; at < tensor.sizeBytes(); at += Float.BYTES) {
            floats.add(
                bytes.get(
                    ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                    tensor.offsetBytes() + at));
          }
          return floats;
        });
  }
}
