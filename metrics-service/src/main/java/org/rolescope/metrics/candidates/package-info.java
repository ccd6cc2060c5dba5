/**
 * Heads ranked as candidates for activation patching: those whose entropy instruction tuning
 * changed otherwise for prompts about the model itself than for neutral ones, by the published
 * study's robust difference-in-differences. Plain classes.
 */
package org.rolescope.metrics.candidates;
