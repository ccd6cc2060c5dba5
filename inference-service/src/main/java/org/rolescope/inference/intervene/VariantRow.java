package org.rolescope.inference.intervene;

/**
 * A prompt under a variant: one row of a batch.
 *
 * @param variant place of the variant in the request
 * @param prompt index of the prompt
 */
public record VariantRow(int variant, int prompt) {}
