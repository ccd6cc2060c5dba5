/**
 * ONNX Runtime behind a small face. The weights of a stage go one way: {@code WeightFiles} reads
 * them, {@code Prefetch} does so one stage ahead, {@code StageWeights} widens them into a {@code
 * WeightBlock}, {@code StageSession} runs over it. {@code ModelResidency} decides which sessions
 * stay between requests, {@code StageFeed} hands the stages to a pass. The only package that
 * imports {@code ai.onnxruntime}; every class here that holds native memory is closed by its one
 * owner.
 */
package org.rolescope.inference.session;
