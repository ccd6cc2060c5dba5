/**
 * ONNX Runtime behind a small face: weights mapped from the checkpoint, one session a stage,
 * tensors that stay in native memory from stage to stage. The only package that imports {@code
 * ai.onnxruntime}; every class here that holds native memory is closed by its one owner.
 */
package org.rolescope.inference.session;
