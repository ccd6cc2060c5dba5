package org.rolescope.inference.intervene;

import static java.util.Objects.requireNonNull;

/**
 * A tensor of the source run that patches take values from.
 *
 * @param layer the layer
 * @param tap tap name: {@code pattern}, {@code z}, {@code mlp_out} or {@code resid_post}
 */
record SourceSite(int layer, String tap) {
  static final String PATTERN = "pattern";
  static final String Z = "z";
  static final String MLP_OUT = "mlp_out";
  static final String RESID_POST = "resid_post";

  /** Checks that nothing is missing. */
  SourceSite {
    requireNonNull(tap, "tap is null");
  }
}
