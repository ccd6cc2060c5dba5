package org.rolescope.export.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.export.architecture.Architecture;
import org.rolescope.export.architecture.Decoder;
import org.rolescope.export.architecture.TensorRequirement;
import org.rolescope.export.checkpoint.Configuration;

/**
 * The model in a file: everything is read and checked against everything else before a byte is
 * written.
 *
 * @param configuration its {@code config.json}
 * @param tokenizer its {@code tokenizer.json}
 * @param tokenizerSettings its {@code tokenizer_config.json}
 * @param placements its tensors
 */
record GgufModel(
    ObjectNode configuration,
    ObjectNode tokenizer,
    ObjectNode tokenizerSettings,
    List<Placement> placements) {
  GgufModel {
    placements = List.copyOf(placements);
  }

  /** Reads the model in a file. */
  static GgufModel of(GgufFile file) {
    ConfigurationBuilder builder = new ConfigurationBuilder(file);
    ObjectNode configuration = builder.build();
    Decoder decoder =
        Architecture.decoder(new Configuration(file.path(), "metadata as ", configuration));
    TokenizerBuilder tokenizer =
        new TokenizerBuilder(file.metadata(), decoder.dimensions().vocabularySize());
    return new GgufModel(
        configuration,
        tokenizer.tokenizer(),
        tokenizer.settings(decoder.dimensions().contextLength()),
        placements(file, decoder, builder.headSize()));
  }

  /** Bytes its weights take in a checkpoint. */
  long weightBytes() {
    return placements.stream().mapToLong(Placement::sizeBytes).sum();
  }

  private static List<Placement> placements(GgufFile file, Decoder decoder, int headSize) {
    Map<String, TensorRequirement> needed = new HashMap<>();
    decoder.tensors().forEach(tensor -> needed.put(tensor.name(), tensor));
    boolean interleaved = GgufFamily.of(file.metadata()).isInterleaved();
    List<Placement> placements = new ArrayList<>();
    for (GgufTensor tensor : file.tensors()) {
      if (tensor.name().equals(TensorNames.ROTARY_FACTORS)) {
        continue;
      }
      String name = TensorNames.inCheckpoint(tensor.name()).orElse(tensor.name());
      TensorRequirement requirement = needed.remove(name);
      if (requirement == null || !requirement.shape().equals(tensor.shape())) {
        throw misplaced(file, tensor, requirement);
      }
      boolean moves = interleaved && TensorNames.isRotated(tensor.name());
      placements.add(
          new Placement(tensor, name, moves ? order(file, tensor, headSize) : RowOrder.SAME));
    }
    needed.values().stream()
        .findFirst()
        .ifPresent(
            missing -> {
              throw new Defect.Contradiction(
                      "it has no tensor for %s, which its metadata calls for"
                          .formatted(missing.name()))
                  .in(file.path());
            });
    return placements;
  }

  private static RowOrder order(GgufFile file, GgufTensor tensor, int headSize) {
    // Numbers of one block cannot change places: a bias has rows of one number.
    if (tensor.shape().size() == 1 && tensor.type().isQuantised()) {
      throw new Defect.Contradiction(
              "its bias %s is quantised (%s)".formatted(tensor.name(), tensor.type()))
          .in(file.path());
    }
    return new RowOrder(headSize);
  }

  private static RuntimeException misplaced(
      GgufFile file, GgufTensor tensor, TensorRequirement requirement) {
    return requirement == null
        ? Defect.unsupported(
            file.path(),
            "holds tensor %s, for which a plain %s model has no place"
                .formatted(tensor.name(), GgufFamily.of(file.metadata()).architecture()),
            "export another model")
        : new Defect.Contradiction(
                "tensor %s has shape %s but its metadata calls for %s"
                    .formatted(tensor.name(), tensor.shape(), requirement.shape()))
            .in(file.path());
  }
}
