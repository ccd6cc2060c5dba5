package org.rolescope.tensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class TensorViewTest {
  private static final Shape SHAPE = Shape.of(new Axis(Axis.BATCH, 2), new Axis(Axis.VOCAB, 3));

  @Test
  void floatsOfAPromptAreItsOwnRows() {
    ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (int value = 0; value < 6; value++) {
      bytes.putFloat(value);
    }
    TensorView tensor = tensor(List.of(5, 1), bytes.flip());
    assertThat(tensor.floatsOf(1)).isEqualTo(FloatBuffer.wrap(new float[] {3, 4, 5}));
    assertThat(tensor.bytes().isReadOnly()).isTrue();
  }

  @Test
  void bytesAndIndicesMustFitTheShape() {
    assertThatThrownBy(() -> tensor(List.of(0, 1), ByteBuffer.allocate(20)))
        .hasMessage("tensor logits [batch 2, vocab 3] takes 24 bytes but 20 were given");
    assertThatThrownBy(() -> tensor(List.of(0), ByteBuffer.allocate(24)))
        .hasMessage("tensor logits has a batch of 2 but 1 prompt indices");
  }

  @Test
  void aShapeKnowsItsAxesAndRefusesOverflow() {
    assertThat(SHAPE.size(Axis.VOCAB)).isEqualTo(3);
    assertThat(SHAPE.names()).containsExactly("batch", "vocab");
    assertThatThrownBy(() -> SHAPE.size(Axis.HEAD)).hasMessageContaining("no axis head");
    Axis huge = new Axis("x", Integer.MAX_VALUE);
    assertThatThrownBy(() -> Shape.of(huge, huge, huge)).hasMessageContaining("overflows");
    assertThatThrownBy(() -> new Axis("x", 0)).hasMessageContaining("size 0");
  }

  private static TensorView tensor(List<Integer> promptIndices, ByteBuffer bytes) {
    return new TensorView("logits", OptionalInt.empty(), SHAPE, promptIndices, bytes);
  }
}
