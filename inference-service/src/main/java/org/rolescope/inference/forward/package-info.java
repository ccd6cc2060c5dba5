/**
 * The forward pass, and the sweep over variants of a model: prompts in equal-length batches through
 * one stage after the other, taps streamed out as soon as a layer has them. Knows stages and
 * tensors, not ONNX Runtime and not gRPC.
 */
package org.rolescope.inference.forward;
