package org.rolescope.metrics.grpc;

import static org.rolescope.metrics.grpc.TwoBatches.HEADS;
import static org.rolescope.metrics.grpc.TwoBatches.TOKENS;
import static org.rolescope.metrics.grpc.TwoBatches.norms;
import static org.rolescope.metrics.grpc.TwoBatches.patterns;

import io.grpc.Status;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rolescope.metrics.testing.Patterns;
import org.rolescope.metrics.testing.PushScript;
import org.rolescope.metrics.testing.SeededRandom;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.PushActivationsRequest;
import org.rolescope.v1.PushStarted;

/** PushActivations over a real connection on the loopback: what is refused, and how it is said. */
@Timeout(60)
final class PushActivationsRefusalTest {
  private final Random random = SeededRandom.create();
  private final MetricsServer server = MetricsServer.alone();
  private final PushClient client = new PushClient(server.channel());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void startMustComeFirstAndOnce() {
    TensorView pattern = patterns(random, 0)[0];
    assertInvalid(new PushScript(), "it ended before the start");
    assertInvalid(new PushScript().tensor(pattern), "a tensor came before the start");
    assertInvalid(new PushScript().tensor(pattern).withoutFirst(), "a chunk came before the start");
    assertInvalid(
        new PushScript().started(0, 1, HEADS, TOKENS).started(0, 1, HEADS, TOKENS),
        "the start came twice");
    assertInvalid(
        new PushScript().send(PushActivationsRequest.getDefaultInstance()), "a message is empty");
  }

  @Test
  void sizesMustBeInRange() {
    assertInvalid(new PushScript().started(0, 1, HEADS, List.of()), "no prompts are announced");
    assertInvalid(new PushScript().started(0, 1, HEADS, List.of(3, 0)), "a prompt has 0 tokens");
    assertInvalid(
        new PushScript().started(0, 1, HEADS, List.of(-1)), "a prompt has 4294967295 tokens");
    assertInvalid(new PushScript().started(0, 1, 0, TOKENS), "0 heads with 3 prompts");
    assertInvalid(
        new PushScript().started(0, 1, 1 << 23, List.of(1, 1)),
        "8388608 heads with 2 prompts are announced; give 1 to 4194304");
    assertInvalid(new PushScript().started(0, 0, HEADS, TOKENS), "0 layers from 0 on");
    assertInvalid(new PushScript().started(1000, 25, HEADS, TOKENS), "layers from 0 to 1023");
    assertInvalid(new PushScript().started(-1, 1, HEADS, TOKENS), "1 layers from 4294967295 on");
    assertInvalid(new PushScript().started(PushStarted.newBuilder()), "no prompts are announced");
  }

  @Test
  void tensorsMustBeThoseAnnounced() {
    TensorView[] layer0 = patterns(random, 0);
    TensorView[] layer1 = patterns(random, 1);
    assertInvalid(announced(2).tensor(layer1[0]), "layer 1 comes where layer 0 was expected");
    assertInvalid(
        announced(2).tensor(layer0[0]).tensor(layer1[0]), "in layer 0 are not those announced");
    assertInvalid(announced(2).tensor(layer0[0]).tensor(layer1[0]), "prompt 1 is missing");
    assertInvalid(announced(1).tensor(layer0[0]), "prompt 1 is missing");
    assertInvalid(announced(1).tensor(layer0[0]).tensor(layer0[0]), "prompt 0 came twice");
    assertInvalid(announced(2).tensor(layer0[0]).tensor(layer0[1]), "it ended before layer 1");
    assertInvalid(
        announced(1).tensor(layer0[0]).tensor(layer0[1]).tensor(layer1[0]),
        "layer 1 comes where the end was expected");
    assertInvalid(
        announced(1).tensor(layer0[0], header -> header.toBuilder().setName("z").build()),
        "a tensor z comes where a pattern was expected");
    assertInvalid(
        announced(1).tensor(layer0[0], header -> header.toBuilder().clearLayer().build()),
        "a tensor pattern comes where a pattern was expected");
    assertInvalid(
        new PushScript().started(0, 1, 2, TOKENS).tensor(layer0[0]),
        "not that of a pattern of 2 heads");
    assertInvalid(
        new PushScript().started(0, 1, HEADS, List.of(4, 6, 5)).tensor(layer0[0]),
        "prompt 2 has 5 tokens but a pattern over 4");
  }

  @Test
  void normsMustBeThoseOfThePattern() {
    TensorView[] patterns = patterns(random, 0);
    TensorView[] norms = norms(random, 0);
    assertInvalid(announced(1).tensor(norms[1]).tensor(patterns[0]), "norms of prompts [1]");
    assertInvalid(announced(1).tensor(norms[0]).tensor(norms[1]), "without a pattern behind them");
    assertInvalid(
        announced(1).tensor(norms[0]).tensor(patterns[0]).tensor(patterns[1]),
        "prompt 1 came without value norms");
  }

  @Test
  void damageIsDataLoss() {
    TensorView pattern = patterns(random, 0)[0];
    client.assertFails(
        announced(1)
            .tensor(
                pattern, header -> header.toBuilder().setCrc32C(header.getCrc32C() + 1).build()),
        Status.Code.DATA_LOSS,
        "the checksum of tensor pattern differs");
    client.assertFails(
        announced(1).tensor(pattern).withoutLast(),
        Status.Code.DATA_LOSS,
        "the stream ended after 0 of");
    client.assertFails(
        announced(1).tensor(pattern, header -> header.toBuilder().addPromptIndices(1).build()),
        Status.Code.DATA_LOSS,
        "a batch of 2 but 3 prompt indices");
    float[] rows = Patterns.random(random, 2, HEADS, 4);
    rows[4 * 4 * HEADS + 4 * 4] = Float.NaN;
    client.assertFails(
        announced(1).tensor(Patterns.tensor(0, List.of(0, 2), HEADS, 4, rows)),
        Status.Code.DATA_LOSS,
        "layer 0, head 1, prompt 2 is damaged");
  }

  @Test
  void tensorOverTheLimitIsResourceExhausted() {
    TensorView large = Patterns.tensor(0, List.of(0), 1 << 11, 16, new float[1 << 19]);
    client.assertFails(
        new PushScript().started(0, 1, 1 << 11, List.of(16)).tensor(large),
        Status.Code.RESOURCE_EXHAUSTED,
        "more than the limit of 1048576");
  }

  private PushScript announced(int layers) {
    return new PushScript().started(0, layers, HEADS, TOKENS);
  }

  private void assertInvalid(PushScript script, String sentence) {
    client.assertFails(script, Status.Code.INVALID_ARGUMENT, sentence);
  }
}
