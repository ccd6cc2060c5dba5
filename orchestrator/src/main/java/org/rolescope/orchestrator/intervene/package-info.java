/**
 * Ablation runs: heads, layers or MLPs of a model taken out one intervention at a time, and what
 * that does to entropies, role indices and answers, against the un-intervened run on the same
 * prompts. METRICS §7.
 */
package org.rolescope.orchestrator.intervene;
