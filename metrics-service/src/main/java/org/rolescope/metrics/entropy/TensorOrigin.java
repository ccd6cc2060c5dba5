package org.rolescope.metrics.entropy;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Who sends tensors, and so whose mistake it is when they are not the right ones. */
public enum TensorOrigin {
  /** A service of ours, which would not send others: the stream is damaged. */
  SERVICE(FaultCode.DATA_LOSS, "The tensor stream is damaged%s: %s; run it again"),
  /** A caller, who announced something else. */
  CALLER(
      FaultCode.INVALID_ARGUMENT,
      "The tensors sent%s are not those announced: %s; send what the first message announces");

  private final FaultCode code;
  private final String sentence;

  TensorOrigin(FaultCode code, String sentence) {
    this.code = code;
    this.sentence = sentence;
  }

  /** The fault of a stream. */
  public RolescopeException mismatch(String what) {
    return new RolescopeException(code, sentence.formatted("", what));
  }

  /** The fault of a layer. */
  public RolescopeException mismatch(int layer, String what) {
    return new RolescopeException(code, sentence.formatted(" in layer " + layer, what));
  }
}
