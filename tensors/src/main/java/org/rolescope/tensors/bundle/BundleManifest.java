package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The manifest of a model bundle: a chain of ONNX stages over weights that stay where they are.
 *
 * @param formatVersion version of this format; {@link #FORMAT_VERSION}
 * @param rolescopeVersion version of the exporter that wrote it
 * @param digest SHA-256 (hex) over configuration, tokenizer, weights and stages: equal digests give
 *     equal results
 * @param dimensions sizes of the model
 * @param rotary rotary position embedding
 * @param stages the stages in the order they run: embed, blocks, unembed
 * @param weightFiles the checkpoint files the stages refer to
 * @param tokenizerFile tokenizer file, relative to the bundle
 */
public record BundleManifest(
    int formatVersion,
    String rolescopeVersion,
    String digest,
    ModelDimensions dimensions,
    RotaryEmbedding rotary,
    List<Stage> stages,
    List<WeightFile> weightFiles,
    String tokenizerFile) {
  /** Name of the manifest in its bundle. */
  public static final String FILE_NAME = "rolescope.json";

  /** The version this code reads and writes. */
  public static final int FORMAT_VERSION = 1;

  /** Checks that the parts belong together. */
  public BundleManifest {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "format version %d is not %d".formatted(formatVersion, FORMAT_VERSION));
    }
    requireNonNull(rolescopeVersion, "rolescopeVersion is missing");
    requireNonNull(digest, "digest is missing");
    requireNonNull(dimensions, "dimensions are missing");
    requireNonNull(rotary, "rotary is missing");
    stages = List.copyOf(requireNonNull(stages, "stages are missing"));
    weightFiles = List.copyOf(requireNonNull(weightFiles, "weightFiles are missing"));
    RelativePath.check(tokenizerFile, "tokenizerFile");
    checkChain(stages, dimensions.layerCount());
    for (Stage stage : stages) {
      for (StageWeight weight : stage.weights()) {
        if (weight.file() < 0 || weight.file() >= weightFiles.size()) {
          throw new IllegalArgumentException(
              "weight %s of stage %s is in file %d but there are %d weight files"
                  .formatted(weight.name(), stage.file(), weight.file(), weightFiles.size()));
        }
      }
    }
    if (rotary.inverseFrequencies().size() * 2 != dimensions.headSize()) {
      throw new IllegalArgumentException(
          "%d rotary frequencies do not fit heads of size %d"
              .formatted(rotary.inverseFrequencies().size(), dimensions.headSize()));
    }
  }

  private static void checkChain(List<Stage> stages, int layerCount) {
    if (stages.size() < 3
        || stages.getFirst().kind() != Stage.Kind.EMBED
        || stages.getLast().kind() != Stage.Kind.UNEMBED) {
      throw new IllegalArgumentException("stages must run from EMBED over BLOCKS to UNEMBED");
    }
    int nextLayer = 0;
    for (Stage stage : stages.subList(1, stages.size() - 1)) {
      if (stage.kind() != Stage.Kind.BLOCKS || stage.firstLayer() != nextLayer) {
        throw new IllegalArgumentException(
            "stage %s does not begin at layer %d".formatted(stage.file(), nextLayer));
      }
      nextLayer = stage.lastLayer() + 1;
    }
    if (nextLayer != layerCount) {
      throw new IllegalArgumentException(
          "the stages hold %d layers but the model has %d".formatted(nextLayer, layerCount));
    }
  }
}
