package org.rolescope.tensors.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;

final class CaptureDecoderTest {
  private static final CaptureResponse STARTED =
      CaptureResponse.newBuilder().setStarted(CaptureStarted.getDefaultInstance()).build();

  private final List<String> heard = new ArrayList<>();
  private final CaptureDecoder decoder =
      new CaptureDecoder(
          1 << 20,
          new CaptureDecoder.Sink() {
            @Override
            public void started(CaptureStarted message) {
              heard.add("started");
            }

            @Override
            public void tensor(TensorView tensor) {
              heard.add(tensor.name());
            }
          });

  @Test
  void aStreamIsHeardInItsOrder() {
    decoder.accept(STARTED);
    for (int tensorId = 0; tensorId < 2; tensorId++) {
      decoder.accept(header(tensorId));
      TensorFrames.chunks(
          tensorId,
          logits(),
          chunk -> decoder.accept(CaptureResponse.newBuilder().setChunk(chunk).build()));
    }
    decoder.finish();
    assertThat(heard).containsExactly("started", "logits", "logits");
  }

  @Test
  void messagesOutOfOrderAreDamage() {
    assertDamage("a tensor comes before the start", () -> decoder.accept(header(0)));
    assertDamage("it ended before it began", decoder::finish);
    assertDamage("a message is empty", () -> decoder.accept(CaptureResponse.getDefaultInstance()));
    decoder.accept(STARTED);
    assertDamage("it starts twice", () -> decoder.accept(STARTED));
    decoder.accept(header(0));
    assertDamage("ended after 0 of 8 bytes", decoder::finish);
  }

  private static void assertDamage(String what, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.DATA_LOSS))
        .hasMessageContaining(what);
  }

  private static CaptureResponse header(int tensorId) {
    return CaptureResponse.newBuilder().setHeader(TensorFrames.header(tensorId, logits())).build();
  }

  private static TensorView logits() {
    return new TensorView(
        "logits",
        OptionalInt.empty(),
        Shape.of(new Axis(Axis.BATCH, 1), new Axis(Axis.VOCAB, 2)),
        List.of(0),
        ByteBuffer.allocate(8));
  }
}
