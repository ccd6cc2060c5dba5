package org.rolescope.orchestrator.artifacts;

import org.rolescope.orchestrator.plan.ModelSlot;

/** What the column {@code model} of a table says. */
public final class ModelPart {
  /** The base, or older, one of two models. */
  public static final String BASE = "base";

  /** The instruct, or newer, one of two models. */
  public static final String INSTRUCT = "instruct";

  /** The only model. */
  public static final String SINGLE = "single";

  /** Instruct minus base. */
  static final String DIFFERENCE = "difference";

  private ModelPart() {}

  /**
   * The part of the model in a slot.
   *
   * @param compared whether there are two
   */
  public static String of(ModelSlot slot, boolean compared) {
    return switch (slot) {
      case BASE -> BASE;
      case RUN -> compared ? INSTRUCT : SINGLE;
    };
  }
}
