/**
 * From a checkpoint to a model bundle: {@link org.rolescope.export.Exporter} turns a Hugging Face
 * snapshot folder into a chain of ONNX stages with a manifest, and leaves the weights where they
 * are. Below it, in the order of the data: {@code safetensors}, {@code checkpoint}, {@code
 * architecture}, {@code graph}, {@code stage}.
 */
package org.rolescope.export;
