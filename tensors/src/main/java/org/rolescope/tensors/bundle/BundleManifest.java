package org.rolescope.tensors.bundle;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The manifest of a model bundle: a chain of ONNX stages over weights that stay where they are, or
 * one stage that is a whole model.
 *
 * @param formatVersion version of this format; {@link #FORMAT_VERSION}
 * @param rolescopeVersion version of the exporter that wrote it
 * @param digest SHA-256 (hex) over configuration, tokenizer, weights and stages: equal digests give
 *     equal results
 * @param dimensions sizes of the model
 * @param rotary rotary position embedding; null for learned positions
 * @param slidingWindow keys a query sees in layers with sliding-window attention, itself included:
 *     key k is visible to query q where q − slidingWindow &lt; k ≤ q; 0 where no layer has one
 * @param stages the stages in the order they run: embed, blocks, and unembed, which may be cut into
 *     several stages that hold consecutive parts of the vocabulary; or one MODEL
 * @param weightFiles the checkpoint files the stages refer to
 * @param tokenizerFile tokenizer file, relative to the bundle
 * @param attention which keys a query attends to; null, as in bundles written before there was a
 *     choice: CAUSAL
 * @param quantisation types the weights were quantised to before they came here, for example {@code
 *     Q4_K}; empty for weights as trained
 * @param certificate what verification found; null for a bundle that was not verified. Not part of
 *     the digest
 */
public record BundleManifest(
    int formatVersion,
    String rolescopeVersion,
    String digest,
    ModelDimensions dimensions,
    RotaryEmbedding rotary,
    int slidingWindow,
    List<Stage> stages,
    List<WeightFile> weightFiles,
    String tokenizerFile,
    AttentionKind attention,
    List<String> quantisation,
    ParityCertificate certificate) {
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
    stages = List.copyOf(requireNonNull(stages, "stages are missing"));
    weightFiles = List.copyOf(requireNonNull(weightFiles, "weightFiles are missing"));
    RelativePath.check(tokenizerFile, "tokenizerFile");
    attention = attention == null ? AttentionKind.CAUSAL : attention;
    quantisation = quantisation == null ? List.of() : List.copyOf(quantisation);
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
    if (slidingWindow < 0) {
      throw new IllegalArgumentException("sliding window %d is negative".formatted(slidingWindow));
    }
    if (rotary != null && rotary.inverseFrequencies().size() * 2 != dimensions.headSize()) {
      throw new IllegalArgumentException(
          "%d rotary frequencies do not fit heads of size %d"
              .formatted(rotary.inverseFrequencies().size(), dimensions.headSize()));
    }
    for (Stage stage : stages) {
      for (StageValues values : stage.values()) {
        checkProjection(stage.weight(values.projection()), values.layout(), dimensions);
      }
    }
  }

  /** The same with this certificate. */
  public BundleManifest withCertificate(ParityCertificate found) {
    return new BundleManifest(
        formatVersion,
        rolescopeVersion,
        digest,
        dimensions,
        rotary,
        slidingWindow,
        stages,
        weightFiles,
        tokenizerFile,
        attention,
        quantisation,
        found);
  }

  /** Whether the bundle is a whole model in one graph, as {@code rolescope instrument} makes it. */
  public boolean holdsWholeModel() {
    return stages.getFirst().kind() == Stage.Kind.MODEL;
  }

  /** Whether the tap {@code value_norm} can be computed, for every layer. */
  public boolean offersValueNorms() {
    return stages.stream()
            .flatMap(stage -> stage.values().stream())
            .map(StageValues::layer)
            .distinct()
            .count()
        == dimensions.layerCount();
  }

  private static void checkProjection(
      StageWeight weight, StageValues.Layout layout, ModelDimensions dimensions) {
    long heads = Math.multiplyExact((long) dimensions.headCount(), dimensions.headSize());
    long hidden = dimensions.hiddenSize();
    List<Long> shape =
        switch (layout) {
          case OUT_IN -> List.of(hidden, heads);
          case IN_OUT -> List.of(heads, hidden);
        };
    if (!weight.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "output projection %s has shape %s, as %s it should have %s"
              .formatted(weight.name(), weight.shape(), layout, shape));
    }
  }

  private static void checkChain(List<Stage> stages, int layerCount) {
    if (stages.size() == 1 && stages.getFirst().kind() == Stage.Kind.MODEL) {
      checkWholeModel(stages.getFirst(), layerCount);
      return;
    }
    Stage.Kind last = null;
    int nextLayer = 0;
    for (Stage stage : stages) {
      if (last == null ? stage.kind() != Stage.Kind.EMBED : !follows(stage.kind(), last)) {
        throw new IllegalArgumentException("stages must run from EMBED over BLOCKS to UNEMBED");
      }
      if (stage.kind() == Stage.Kind.BLOCKS) {
        if (stage.firstLayer() != nextLayer) {
          throw new IllegalArgumentException(
              "stage %s does not begin at layer %d".formatted(stage.file(), nextLayer));
        }
        nextLayer = stage.lastLayer() + 1;
      }
      last = stage.kind();
    }
    if (last != Stage.Kind.UNEMBED) {
      throw new IllegalArgumentException("stages must run from EMBED over BLOCKS to UNEMBED");
    }
    if (nextLayer != layerCount) {
      throw new IllegalArgumentException(
          "the stages hold %d layers but the model has %d".formatted(nextLayer, layerCount));
    }
  }

  private static void checkWholeModel(Stage model, int layerCount) {
    if (model.firstLayer() != 0 || model.lastLayer() != layerCount - 1) {
      throw new IllegalArgumentException(
          "stage %s holds layers %d to %d but the model has %d"
              .formatted(model.file(), model.firstLayer(), model.lastLayer(), layerCount));
    }
    if (!model.weights().isEmpty()) {
      throw new IllegalArgumentException(
          "stage %s is a whole model, whose weights lie in its graph, but names %d in other files"
              .formatted(model.file(), model.weights().size()));
    }
  }

  private static boolean follows(Stage.Kind kind, Stage.Kind last) {
    return switch (last) {
      case EMBED -> kind == Stage.Kind.BLOCKS;
      case BLOCKS -> kind == Stage.Kind.BLOCKS || kind == Stage.Kind.UNEMBED;
      case UNEMBED -> kind == Stage.Kind.UNEMBED;
      case MODEL -> false;
    };
  }
}
