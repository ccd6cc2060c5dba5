package org.rolescope.orchestrator.intervene;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureStarted;

/** Takes the logits of each prompt once, batch by batch. Not thread-safe. */
final class LogitSink implements CaptureDecoder.Sink {
  private final int promptCount;
  private final int vocabularySize;
  private final Consumer<CaptureStarted> confirm;
  private final Consumer<TensorView> batches;
  private final BitSet seen = new BitSet();

  /**
   * Begins.
   *
   * @param confirm told what runs, first
   * @param batches takes [batch, vocab]; may be forgotten when it returns
   */
  LogitSink(
      int promptCount,
      int vocabularySize,
      Consumer<CaptureStarted> confirm,
      Consumer<TensorView> batches) {
    this.promptCount = promptCount;
    this.vocabularySize = vocabularySize;
    this.confirm = confirm;
    this.batches = batches;
  }

  @Override
  public void started(CaptureStarted started) {
    confirm.accept(started);
  }

  @Override
  public void tensor(TensorView logits) {
    if (!logits.name().equals("logits")
        || !logits.shape().names().equals(List.of(Axis.BATCH, Axis.VOCAB))
        || logits.shape().size(Axis.VOCAB) != vocabularySize) {
      throw unexpected("tensor %s %s".formatted(logits.name(), logits.shape()));
    }
    for (int prompt : logits.promptIndices()) {
      if (prompt < 0 || prompt >= promptCount || seen.get(prompt)) {
        throw unexpected("logits of prompt " + prompt);
      }
      seen.set(prompt);
    }
    batches.accept(logits);
  }

  /** Makes sure that every prompt has come. */
  void finish() {
    if (seen.cardinality() < promptCount) {
      throw unexpected("the end before logits of prompt " + seen.nextClearBit(0));
    }
  }

  /** The logits of one prompt of a batch, [vocab]. */
  static List<Float> of(TensorView batch, int batchIndex) {
    FloatBuffer values = batch.floatsOf(batchIndex);
    List<Float> logits = new ArrayList<>(values.remaining());
    while (values.hasRemaining()) {
      logits.add(values.get());
    }
    return logits;
  }

  private RolescopeException unexpected(String what) {
    return new RolescopeException(
        FaultCode.DATA_LOSS,
        "The inference service sent %s where logits of %d prompts over %d tokens were due; check that all services are of one version"
            .formatted(what, promptCount, vocabularySize));
  }
}
