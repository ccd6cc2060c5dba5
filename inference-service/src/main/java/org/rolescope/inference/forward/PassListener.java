package org.rolescope.inference.forward;

/** Hears what the stages of a pass cost. */
@FunctionalInterface
public interface PassListener {
  /** Hears nothing. */
  PassListener NONE = _ -> {};

  /** A stage has run all batches; called on the thread of the pass, in the order of the stages. */
  void stageRan(StageReport report);
}
