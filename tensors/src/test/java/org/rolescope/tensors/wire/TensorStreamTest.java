package org.rolescope.tensors.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.TensorChunk;
import org.rolescope.v1.TensorHeader;

final class TensorStreamTest {
  private static final long LIMIT_BYTES = 64L << 20;

  @Test
  void tensorsOfManySizesComeBackBitForBit() {
    long seed = 20261122;
    System.out.println("TensorStreamTest seed " + seed);
    Random random = new Random(seed);
    TensorAssembler assembler = new TensorAssembler(LIMIT_BYTES);
    for (int tensorId = 0; tensorId < 40; tensorId++) {
      int heads = 1 + random.nextInt(16);
      int length = 1 + random.nextInt(200);
      TensorView sent = pattern(random, 2, heads, length);
      TensorView received = send(assembler, tensorId, sent);
      assertThat(received.name()).isEqualTo("pattern");
      assertThat(received.layer()).isEqualTo(OptionalInt.of(7));
      assertThat(received.shape()).isEqualTo(sent.shape());
      assertThat(received.promptIndices()).containsExactly(4, 9);
      assertThat(received.bytes()).isEqualTo(sent.bytes());
    }
    assembler.finish();
  }

  @Test
  void tensorsOfOneSizeShareMemoryAndACopyDoesNot() {
    Random random = new Random(6);
    TensorAssembler assembler = new TensorAssembler(LIMIT_BYTES);
    TensorView first = pattern(random, 2, 3, 5);
    TensorView second = pattern(random, 2, 3, 5);
    TensorView kept = send(assembler, 0, first);
    TensorView copy = kept.copy();
    send(assembler, 1, second);
    assertThat(copy.bytes()).isEqualTo(first.bytes());
    assertThat(kept.bytes()).isEqualTo(second.bytes());
  }

  @Test
  void chunksStayUnderOneMebibyteAndFollowEachOther() {
    TensorView tensor = pattern(new Random(1), 2, 16, 160);
    List<TensorChunk> chunks = new ArrayList<>();
    TensorFrames.chunks(3, tensor, chunks::add);
    assertThat(chunks).hasSizeGreaterThan(3);
    long next = 0;
    for (TensorChunk chunk : chunks) {
      assertThat(chunk.getOffsetBytes()).isEqualTo(next);
      assertThat(chunk.getData().size()).isBetween(1, TensorFrames.MAX_CHUNK_BYTES);
      next += chunk.getData().size();
    }
    assertThat(next).isEqualTo(tensor.shape().elementCount() * 4);
  }

  @Test
  void aTensorWithoutLayerHasNone() {
    TensorView logits =
        new TensorView(
            "logits",
            OptionalInt.empty(),
            Shape.of(new Axis(Axis.BATCH, 1), new Axis(Axis.VOCAB, 2)),
            List.of(0),
            ByteBuffer.allocate(8));
    TensorView received = send(new TensorAssembler(LIMIT_BYTES), 0, logits);
    assertThat(received.layer()).isEmpty();
  }

  @Test
  void damageIsNoticed() {
    TensorView tensor = pattern(new Random(2), 2, 3, 5);
    TensorHeader header = TensorFrames.header(0, tensor);
    TensorChunk chunk = onlyChunk(tensor);
    byte[] flipped = chunk.getData().toByteArray();
    flipped[17] ^= 1;
    assertDamage(
        "checksum",
        () -> {
          TensorAssembler assembler = open(header);
          assembler.add(chunk.toBuilder().setData(ByteString.copyFrom(flipped)).build());
        });
    assertDamage(
        "does not follow", () -> open(header).add(chunk.toBuilder().setOffsetBytes(4).build()));
    assertDamage(
        "does not follow", () -> open(header).add(chunk.toBuilder().setTensorId(1).build()));
    assertDamage(
        "does not follow",
        () ->
            open(header)
                .add(
                    chunk.toBuilder()
                        .setData(chunk.getData().concat(ByteString.copyFromUtf8("x")))
                        .build()));
    assertDamage("does not follow", () -> new TensorAssembler(LIMIT_BYTES).add(chunk));
    assertDamage("begins before", () -> open(header).open(header));
    assertDamage("ended after 0 of 600 bytes", () -> open(header).finish());
  }

  @Test
  void aHeaderIsNotBelievedBeforeItAddsUp() {
    TensorHeader header = TensorFrames.header(0, pattern(new Random(3), 2, 3, 5));
    assertDamage("says 599 bytes", () -> open(header.toBuilder().setSizeBytes(599).build()));
    assertDamage(
        "a batch of 2 but 3 prompt indices",
        () -> open(header.toBuilder().addPromptIndices(7).build()));
    assertDamage("data type", () -> open(header.toBuilder().setDataTypeValue(99).build()));
    assertDamage(
        "size 0",
        () ->
            open(header.toBuilder().setAxes(1, header.getAxes(1).toBuilder().setSize(0)).build()));
    assertDamage(
        "overflow",
        () ->
            open(
                header.toBuilder()
                    .setAxes(1, header.getAxes(1).toBuilder().setSize(Long.MAX_VALUE))
                    .build()));
  }

  @Test
  void aTensorOverTheLimitIsRefusedBeforeItIsAllocated() {
    TensorHeader header = TensorFrames.header(0, pattern(new Random(4), 2, 3, 5));
    assertThatThrownBy(() -> new TensorAssembler(599).open(header))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.RESOURCE_EXHAUSTED))
        .hasMessageContaining("600 bytes");
  }

  private static TensorAssembler open(TensorHeader header) {
    TensorAssembler assembler = new TensorAssembler(LIMIT_BYTES);
    assembler.open(header);
    return assembler;
  }

  private static void assertDamage(String what, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.DATA_LOSS))
        .hasMessageContaining(what);
  }

  private static TensorChunk onlyChunk(TensorView tensor) {
    List<TensorChunk> chunks = new ArrayList<>();
    TensorFrames.chunks(0, tensor, chunks::add);
    assertThat(chunks).hasSize(1);
    return chunks.getFirst();
  }

  private static TensorView send(TensorAssembler assembler, int tensorId, TensorView tensor) {
    assembler.open(TensorFrames.header(tensorId, tensor));
    List<TensorView> complete = new ArrayList<>();
    TensorFrames.chunks(
        tensorId,
        tensor,
        chunk -> {
          Optional<TensorView> closed = assembler.add(chunk);
          closed.ifPresent(complete::add);
        });
    assertThat(complete).hasSize(1);
    return complete.getFirst();
  }

  private static TensorView pattern(Random random, int batch, int heads, int length) {
    ByteBuffer bytes =
        ByteBuffer.allocate(batch * heads * length * length * 4).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putFloat(random.nextFloat());
    }
    return new TensorView(
        "pattern",
        OptionalInt.of(7),
        Shape.of(
            new Axis(Axis.BATCH, batch),
            new Axis(Axis.HEAD, heads),
            new Axis(Axis.QUERY_POS, length),
            new Axis(Axis.KEY_POS, length)),
        List.of(4, 9),
        bytes.flip());
  }
}
