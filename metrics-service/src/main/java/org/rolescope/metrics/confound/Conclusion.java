package org.rolescope.metrics.confound;

import static java.util.Objects.requireNonNull;

import org.rolescope.metrics.role.RoleOptions;

/**
 * What is said of a layer that supports a conclusion.
 *
 * @param ofOne of one layer, or none
 * @param ofMany of several
 */
record Conclusion(String ofOne, String ofMany) {
  /** One model: the index is not 0. */
  static final Conclusion NOT_ZERO =
      new Conclusion("has an interval that excludes 0", "have an interval that excludes 0");

  Conclusion {
    requireNonNull(ofOne, "ofOne is null");
    requireNonNull(ofMany, "ofMany is null");
  }

  /** Two models: they differ significantly. */
  static Conclusion difference(RoleOptions options) {
    String level = " at q < " + options.significanceLevel();
    return new Conclusion("differs" + level, "differ" + level);
  }

  /** For example {@code 4 layers differ}. */
  String of(int layers) {
    return layers == 1 ? "1 layer " + ofOne : layers + " layers " + ofMany;
  }
}
