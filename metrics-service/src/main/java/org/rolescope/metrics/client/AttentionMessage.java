package org.rolescope.metrics.client;

import org.rolescope.metrics.entropy.Visibility;
import org.rolescope.v1.AttentionKind;

/** What the contract says of attention, in the words of the measurement. */
public final class AttentionMessage {
  private AttentionMessage() {}

  /** The visible keys of an attention; causal where nothing is said, as by older services. */
  public static Visibility visibility(AttentionKind attention) {
    return switch (attention) {
      case ATTENTION_KIND_BIDIRECTIONAL -> Visibility.BIDIRECTIONAL;
      case ATTENTION_KIND_CAUSAL, ATTENTION_KIND_UNSPECIFIED, UNRECOGNIZED -> Visibility.CAUSAL;
    };
  }
}
