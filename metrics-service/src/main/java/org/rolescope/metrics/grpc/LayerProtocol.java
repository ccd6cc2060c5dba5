package org.rolescope.metrics.grpc;

import java.util.BitSet;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** The order every client stream of this service keeps: options once and first, then layers. */
final class LayerProtocol {
  /** More layers than any model has; bounds what a caller can make us keep. */
  static final int MAX_LAYERS = 1024;

  private final BitSet seen = new BitSet();
  private boolean optionsCame;

  /** Admits the options. */
  void options() {
    require(!optionsCame, "The options came twice; send them once, first");
    optionsCame = true;
  }

  /** Admits a layer. */
  void layer(int layer) {
    require(optionsCame, "A layer came before the options; send the options first");
    require(
        layer >= 0 && layer < MAX_LAYERS,
        "Layer %s is out of range; layers count from 0 to %d"
            .formatted(Integer.toUnsignedString(layer), MAX_LAYERS - 1));
    require(!seen.get(layer), "Layer " + layer + " came twice; send each layer once");
    seen.set(layer);
  }

  /** Admits the end. */
  void end() {
    require(optionsCame, "No options came; send them first");
    require(!seen.isEmpty(), "No layers came; send at least one after the options");
  }

  /** The fault of a message that carries nothing. */
  static RolescopeException empty() {
    return new RolescopeException(
        FaultCode.INVALID_ARGUMENT, "A message is empty; send options or a layer");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new RolescopeException(FaultCode.INVALID_ARGUMENT, otherwise);
    }
  }
}
