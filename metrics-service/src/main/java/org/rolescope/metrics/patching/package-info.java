/**
 * What interventions and activation patching do to a model, in numbers: how far the next token's
 * distribution and the difference of two answers move, how much of the source run a patch brings
 * back, whether random heads do as much, and what later layers make of it. Plain classes. METRICS
 * §7.
 */
package org.rolescope.metrics.patching;
