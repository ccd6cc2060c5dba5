package org.rolescope.inference.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rolescope.inference.session.NativeHandles;
import org.rolescope.tensors.bundle.AttentionKind;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.RotaryEmbedding;
import org.rolescope.tensors.bundle.Stage;

final class PositionInputsTest {
  private static final float HIDDEN = -Float.MAX_VALUE;

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(NativeHandles.open()).isZero();
  }

  @Test
  void aModelWithLearnedPositionsNeedsTheMaskAlone() {
    try (PositionInputs inputs = PositionInputs.of(manifest(null, 0), 3)) {
      assertThat(inputs.byName()).containsOnlyKeys("mask");
      assertThat(floats(inputs, "mask")).containsExactly(0, HIDDEN, HIDDEN, 0, 0, HIDDEN, 0, 0, 0);
    }
  }

  @Test
  void aSlidingWindowOfTwoShowsAKeyAndItsPredecessor() {
    RotaryEmbedding rotary = new RotaryEmbedding(List.of(1.0), 1);
    try (PositionInputs inputs = PositionInputs.of(manifest(rotary, 2), 3)) {
      assertThat(inputs.byName()).containsOnlyKeys("mask", "sliding_mask", "cos", "sin");
      assertThat(floats(inputs, "sliding_mask"))
          .containsExactly(0, HIDDEN, HIDDEN, 0, 0, HIDDEN, HIDDEN, 0, 0);
      assertThat(floats(inputs, "cos"))
          .containsExactly(1, (float) Math.cos(1), (float) Math.cos(2));
    }
  }

  private static float[] floats(PositionInputs inputs, String name) {
    var values =
        inputs.byName().get(name).copyBytes().order(ByteOrder.nativeOrder()).asFloatBuffer();
    float[] copy = new float[values.remaining()];
    values.get(copy);
    return copy;
  }

  private static BundleManifest manifest(RotaryEmbedding rotary, int slidingWindow) {
    return new BundleManifest(
        BundleManifest.FORMAT_VERSION,
        "test",
        "digest",
        new ModelDimensions("test", 1, 1, 1, 2, 2, 2, 2, 16, 1),
        rotary,
        slidingWindow,
        List.of(
            new Stage("embed.onnx", Stage.Kind.EMBED, 0, 0, List.of(), List.of()),
            new Stage("block.onnx", Stage.Kind.BLOCKS, 0, 0, List.of(), List.of()),
            new Stage("unembed.onnx", Stage.Kind.UNEMBED, 0, 0, List.of(), List.of())),
        List.of(),
        "tokenizer.json",
        AttentionKind.CAUSAL,
        List.of(),
        null);
  }
}
