package org.rolescope.metrics.role;

/** An index, or a difference of indices, as a number for prompts: resampled, relabelled, or not. */
@FunctionalInterface
public interface IndexStatistic {
  /** The value of an index for these prompts; NaN where it is undefined. */
  double value(RoleIndex index, RolePrompts prompts);
}
