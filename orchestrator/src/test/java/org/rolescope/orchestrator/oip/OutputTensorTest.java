package org.rolescope.orchestrator.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;

final class OutputTensorTest {
  @Test
  void promptsOfEveryBatchComeToTheirPlaces() {
    OutputTensor logits = logits(3);
    logits.putBatch(batch(List.of(2, 0), 5, 6, 1, 2));
    assertThatThrownBy(logits::requireAllPrompts).hasMessageContaining("output logits [3, 2]");
    logits.putBatch(batch(List.of(1), 3, 4));
    logits.requireAllPrompts();
    ByteBuffer bytes = logits.bytes().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    for (float value = 1; value <= 6; value++) {
      assertThat(bytes.getFloat()).isEqualTo(value);
    }
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void numbersAreLittleEndian() {
    OutputTensor ids = new OutputTensor("ids", new Output.TokenIds(), List.of(1L, 2L));
    ids.putLong(1, 0x0102030405060708L);
    assertThat(ids.bytes().toByteArray())
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1);
  }

  @Test
  void aBatchOfAnotherSizeOrPromptIsDamage() {
    assertDamage(() -> logits(1).putBatch(batch(List.of(0, 1), 1, 2, 3, 4)));
    assertDamage(() -> logits(2).putBatch(batch(List.of(0), 1, 2, 3)));
    assertDamage(() -> logits(2).putBatch(batch(List.of(2), 1, 2)));
    assertDamage(() -> logits(2).putBatch(batch(List.of(-1), 1, 2)));
  }

  private static void assertDamage(Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.DATA_LOSS));
  }

  private static OutputTensor logits(long prompts) {
    return new OutputTensor("logits", new Output.Logits(), List.of(prompts, 2L));
  }

  private static TensorView batch(List<Integer> prompts, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    Shape shape =
        Shape.of(
            new Axis(Axis.BATCH, prompts.size()),
            new Axis(Axis.VOCAB, values.length / prompts.size()));
    return new TensorView("logits", OptionalInt.empty(), shape, prompts, bytes.flip());
  }
}
