package org.rolescope.orchestrator.artifacts;

import org.rolescope.v1.EffectSize;
import org.rolescope.v1.HeadRoles;
import org.rolescope.v1.LayerRoles;

/** Effect sizes that may not have been measured, which must not pass for zero. */
final class EffectSizes {
  private static final EffectSize NONE =
      EffectSize.newBuilder().setCohensD(Double.NaN).setHedgesG(Double.NaN).build();

  private EffectSizes() {}

  /** Self against neutral of a layer; NaN where it was not measured. */
  static EffectSize of(LayerRoles layer) {
    return layer.hasSelfAgainstNeutral() ? layer.getSelfAgainstNeutral() : NONE;
  }

  /** Self against neutral of a head; NaN where it was not measured. */
  static EffectSize of(HeadRoles head) {
    return head.hasSelfAgainstNeutral() ? head.getSelfAgainstNeutral() : NONE;
  }
}
