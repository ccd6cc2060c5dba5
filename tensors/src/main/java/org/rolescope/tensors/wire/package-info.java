/**
 * Translates between {@link org.rolescope.tensors.TensorView} and the frames of {@code
 * tensor.proto}. The only package of this module that sees the generated contracts.
 */
package org.rolescope.tensors.wire;
