package org.rolescope.orchestrator.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.artifacts.PromptPattern;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.TokenizedPrompt;

/** Three prompts of 2, 1 and 2 tokens, one head. */
final class LayerPatternsTest {
  private static final int LAYER = 4;

  private final LayerPatterns patterns = new LayerPatterns(LAYER, 1, started());

  @Test
  void batchesOfAnyOrderComeOutInPromptOrder() {
    patterns.add(batch(LAYER, 1, 2, 20, 2, 0));
    assertFalse(patterns.isComplete());
    patterns.add(batch(LAYER, 1, 1, 50, 1));
    assertTrue(patterns.isComplete());
    List<PromptPattern> inOrder = patterns.inPromptOrder();
    assertEquals(List.of(24f, 50f, 20f), inOrder.stream().map(LayerPatternsTest::first).toList());
    assertEquals(List.of(2, 1, 2), inOrder.stream().map(PromptPattern::tokenCount).toList());
  }

  @Test
  void refusesWhatDoesNotBelong() {
    patterns.add(batch(LAYER, 1, 1, 0, 1));
    assertRefused(batch(LAYER, 1, 1, 0, 1));
    assertRefused(batch(LAYER + 1, 1, 2, 0, 0));
    assertRefused(batch(LAYER, 2, 2, 0, 0));
    assertRefused(batch(LAYER, 1, 1, 0, 0));
    assertRefused(batch(LAYER, 1, 2, 0, 3));
    assertRefused(batch(LAYER, 1, 2, 0, -1));
    assertFalse(patterns.isComplete());
  }

  @Test
  void countsItsBytesBeforeTheyCome() {
    assertEquals((4 + 1 + 4) * 4 * 8, LayerPatterns.sizeBytes(8, started()));
  }

  private void assertRefused(TensorView batch) {
    RolescopeException fault = assertThrows(RolescopeException.class, () -> patterns.add(batch));
    assertEquals(FaultCode.DATA_LOSS, fault.code());
  }

  @Test
  void patternsStayWhenTheMemoryOfTheirBatchIsUsedAgain() {
    TensorView batch = batch(LAYER, 1, 2, 10, 0, 2);
    patterns.add(batch);
    batch.unguardedBytes().putFloat(0, -1);
    patterns.add(batch(LAYER, 1, 1, 20, 1));
    assertEquals(10, first(patterns.inPromptOrder().getFirst()));
  }

  private static CaptureStarted started() {
    TokenizedPrompt one = TokenizedPrompt.newBuilder().addTokenIds(5).build();
    TokenizedPrompt two = one.toBuilder().addTokenIds(6).build();
    return CaptureStarted.newBuilder().addPrompts(two).addPrompts(one).addPrompts(two).build();
  }

  /** Elements count up from the first. */
  private static TensorView batch(
      int layer, int heads, int tokens, float first, Integer... prompts) {
    Shape shape =
        Shape.of(
            new Axis(Axis.BATCH, prompts.length),
            new Axis(Axis.HEAD, heads),
            new Axis(Axis.QUERY_POS, tokens),
            new Axis(Axis.KEY_POS, tokens));
    ByteBuffer bytes =
        ByteBuffer.allocate((int) shape.elementCount() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int element = 0; element < shape.elementCount(); element++) {
      bytes.putFloat(first + element);
    }
    return new TensorView("pattern", OptionalInt.of(layer), shape, List.of(prompts), bytes.flip());
  }

  private static float first(PromptPattern pattern) {
    return pattern.bytes().order(ByteOrder.LITTLE_ENDIAN).getFloat(0);
  }
}
