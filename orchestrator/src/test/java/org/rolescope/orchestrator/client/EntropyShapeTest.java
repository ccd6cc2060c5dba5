package org.rolescope.orchestrator.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.rpc.Address;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.KeyAttention;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.Model;
import org.rolescope.v1.TokenizedPrompt;

/** Two prompts of 2 and 1 tokens, two heads. */
final class EntropyShapeTest {
  private static final EntropyShape SHAPE =
      new EntropyShape(
          new Service("metrics service", Address.inProcess("x")),
          Model.newBuilder().setHeadCount(2).build(),
          CaptureStarted.newBuilder()
              .addPrompts(TokenizedPrompt.newBuilder().addTokenIds(1).addTokenIds(2))
              .addPrompts(TokenizedPrompt.newBuilder().addTokenIds(1))
              .build());

  @Test
  void acceptsWhatFits() {
    LayerEntropies layer = fitting().build();
    assertSame(layer, SHAPE.check(3, layer));
  }

  @Test
  void acceptsOtherKindsAndAttentionOfTheirSize() {
    LayerEntropies layer = fitting().addTables(sinkExcluded()).setKeyAttention(keys(12)).build();
    assertSame(layer, SHAPE.check(3, layer));
  }

  @Test
  void refusesOthersOfAnotherSize() {
    assertRefused(fitting().addTables(sinkExcluded().addNats(1)));
    assertRefused(fitting().addTables(sinkExcluded().addQueryCounts(1)));
    assertRefused(fitting().addTables(sinkExcluded()).addTables(sinkExcluded()));
    assertRefused(fitting().setKeyAttention(keys(11)));
    assertRefused(fitting().setKeyAttention(keys(12).clearLast()));
  }

  @Test
  void refusesWhatDoesNot() {
    assertRefused(fitting().setLayer(4));
    assertRefused(fitting().setHeadCount(3));
    assertRefused(fitting().setQueryCounts(0, 3));
    assertRefused(fitting().removeTables(1));
    assertRefused(fitting().addTables(table(EntropyKind.ENTROPY_KIND_EXACT)));
    assertRefused(fitting().setTables(0, table(EntropyKind.ENTROPY_KIND_REFERENCE).addNats(1)));
    assertRefused(LayerEntropies.newBuilder());
  }

  private static void assertRefused(LayerEntropies.Builder layer) {
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> SHAPE.check(3, layer.build()));
    assertEquals(FaultCode.DATA_LOSS, fault.code());
    assertTrue(fault.getMessage().contains("broke its contract"), fault.getMessage());
  }

  private static LayerEntropies.Builder fitting() {
    return LayerEntropies.newBuilder()
        .setLayer(3)
        .setHeadCount(2)
        .addAllQueryCounts(List.of(2, 1))
        .addTables(table(EntropyKind.ENTROPY_KIND_REFERENCE))
        .addTables(table(EntropyKind.ENTROPY_KIND_EXACT));
  }

  private static EntropyTable.Builder sinkExcluded() {
    return table(EntropyKind.ENTROPY_KIND_SINK_EXCLUDED).addAllQueryCounts(List.of(1, 0));
  }

  private static KeyAttention.Builder keys(int values) {
    List<Double> attention = Collections.nCopies(values, 0.5);
    return KeyAttention.newBuilder().addAllFirst(attention).addAllLast(attention);
  }

  private static EntropyTable.Builder table(EntropyKind kind) {
    return EntropyTable.newBuilder().setKind(kind).addAllNats(List.of(0.1, 0.2, 0.3, 0.4));
  }
}
