package org.rolescope.export.verify;

/**
 * What a layer computed.
 *
 * @param valueNorms what one key alone makes a head write, [row, head]
 * @param attention patterns of each prompt, and z [row, head · d_head]
 * @param residPost residual stream after the layer, [row, d_model]
 */
record LayerTaps(Rows valueNorms, CausalAttention.Result attention, Rows residPost) {}
