/**
 * The stages of a bundle: one graph for the embedding, one for each run of blocks, one for the
 * unembedding, with the inputs, outputs and taps that {@link org.rolescope.tensors.bundle.Stage}
 * promises.
 */
package org.rolescope.export.stage;
