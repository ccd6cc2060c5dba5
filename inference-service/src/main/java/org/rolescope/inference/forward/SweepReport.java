package org.rolescope.inference.forward;

/**
 * What a sweep cost.
 *
 * @param promptBlocks blocks that were computed, each for one prompt
 * @param forwardPasses the same, in passes of all prompts through all layers
 * @param batches batches that were run, each through some layers
 */
public record SweepReport(long promptBlocks, double forwardPasses, long batches) {}
