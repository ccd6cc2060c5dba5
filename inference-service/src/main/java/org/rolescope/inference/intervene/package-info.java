/**
 * Interventions: what a caller may change inside a model while it runs, as data. {@code
 * Interventions} checks them against model and prompts and turns those of a batch into the inputs
 * that a stage's changed graph takes; {@code org.rolescope.inference.session} changes the graph.
 */
package org.rolescope.inference.intervene;
