package org.rolescope.orchestrator.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.FakeModel;
import org.rolescope.orchestrator.testing.Plans;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureStarted;

final class BackPressureTest {
  private static final int LAYERS = 50;

  @TempDir private Path root;

  @Test
  void aSlowReaderStopsTheService() {
    try (Bench bench = new Bench(root)) {
      FakeModel model = new FakeModel("long", "f".repeat(64), LAYERS, 2);
      bench.models().put(model);
      PromptRun run =
          new PromptRun(model.message(), Plans.prompts().texts(), PromptOptions.DEFAULT, 0, 0);
      Stop stop = new Stop(bench);
      assertEquals(
          "enough",
          assertThrows(
                  IllegalStateException.class,
                  () -> bench.inferenceClient().capturePatterns(run, stop))
              .getMessage());
      // Header and chunk of the tensor at hand, and a few messages that were on their way.
      assertTrue(stop.sent < 10, () -> stop.sent + " messages were sent ahead");
    }
  }

  /** Takes its time over the first tensor, then gives up. */
  private static final class Stop implements CaptureDecoder.Sink {
    private final Bench bench;
    private int sent;

    private Stop(Bench bench) {
      this.bench = bench;
    }

    @Override
    public void started(CaptureStarted started) {
      assertEquals(8, started.getPromptsCount());
    }

    @Override
    public void tensor(TensorView pattern) {
      try {
        TimeUnit.MILLISECONDS.sleep(200);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      sent = bench.trouble().passed();
      throw new IllegalStateException("enough");
    }
  }
}
