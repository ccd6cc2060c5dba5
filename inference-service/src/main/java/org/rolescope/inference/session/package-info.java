/**
 * ONNX Runtime behind a small face. The weights of a stage go one way: {@code Prefetch} fetches
 * them from disk one stage ahead, {@code WeightReader} reads and widens them into a {@code
 * WeightBlock}, {@code StageWeights} makes tensors of it, {@code StageSession} runs over them.
 * {@code ModelResidency} decides which sessions stay between requests, {@code StageFeed} hands the
 * stages to a pass. {@code ValueNorms} runs two small graphs of the runner's own over what a stage
 * gave; {@code ChangedGraph} lets a pass change tensors of a stage, {@code GraphChange} by {@code
 * GraphChange}; {@code CachingGraph} lets it continue a text, with keys and values in a {@code
 * KeyValueCache}. The only package that imports {@code ai.onnxruntime}; every class here that holds
 * native memory is closed by its one owner.
 */
package org.rolescope.inference.session;
