/**
 * The parts of a decoder-only transformer as ONNX operators: decomposed and portable, so that they
 * run on every execution provider and every tap is a value of the graph. Names inside the graph are
 * those of the field ({@code blocks.3.attn_scores}, {@code blocks.3.pattern}). Between the parts
 * the residual stream is kept as rows, [token, d_model] with token = batch · pos, which is what
 * {@code Gemm} takes.
 */
package org.rolescope.export.graph.transformer;
