package org.rolescope.metrics.client;

import org.rolescope.metrics.entropy.LayerEntropies;
import org.rolescope.v1.CaptureStarted;

/** Takes what a measurement yields, in order. A method may block, which slows the whole chain. */
public interface EntropySink {
  /** Takes what is about to be run; called once, first. */
  void started(CaptureStarted started);

  /** Takes a finished layer; layers come in order. */
  void layer(LayerEntropies layer);
}
