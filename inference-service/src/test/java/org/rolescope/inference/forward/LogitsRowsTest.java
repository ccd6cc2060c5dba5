package org.rolescope.inference.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.RolescopeException;

final class LogitsRowsTest {
  @Test
  void partsOfTheVocabularyAreJoinedRowByRow() {
    LogitsRows rows = new LogitsRows(2, 5);
    rows.add(floats(1, 2, 6, 7), 2);
    rows.add(floats(3, 8), 1);
    rows.add(floats(4, 5, 9, 10), 2);
    float[] joined = new float[10];
    rows.bytes().asFloatBuffer().get(joined);
    assertThat(joined).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @Test
  void partsThatAreTooFewOrTooManyAreRefused() {
    LogitsRows rows = new LogitsRows(1, 3);
    rows.add(floats(1, 2), 2);
    assertThatThrownBy(rows::bytes)
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("logits for 2 tokens but the vocabulary has 3");
    assertThatThrownBy(() -> rows.add(floats(3, 4), 2))
        .isInstanceOf(RolescopeException.class)
        .hasMessageContaining("logits for 4 tokens but the vocabulary has 3");
  }

  private static ByteBuffer floats(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(values);
    return bytes;
  }
}
