package org.rolescope.inference.forward;

import org.rolescope.tensors.TensorView;

/**
 * Takes the logits of the runs of a sweep, [batch, vocab], all prompts in the order of the request.
 * It may block, which slows the sweep down.
 */
public interface SweepSink {
  /** The source run; first, where there is one. */
  void source(TensorView logits);

  /** The target run. */
  void target(TensorView logits);

  /**
   * A variant.
   *
   * @param variant its place in the request; ascending
   * @param logits its logits
   */
  void variant(int variant, TensorView logits);
}
