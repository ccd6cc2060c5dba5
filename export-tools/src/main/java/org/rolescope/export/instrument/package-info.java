/**
 * Taps for models that others exported to ONNX in one graph. {@code OnnxGraph} reads and checks the
 * file, {@code GraphInputs} says whether it can be fed, {@code AttentionSoftmaxes} finds the
 * patterns in it, {@code PatternProbe} runs it to learn what cannot be read off, {@code GraphSizes}
 * gathers the sizes, {@code TappedGraph} writes it with the patterns as outputs.
 */
package org.rolescope.export.instrument;
