/**
 * Builds ONNX graphs. Operators are declared with their arity and attributes, every value is a
 * handle that only its own graph accepts, and every free dimension has a name, so that a wrong
 * graph fails while it is built. Knows nothing of transformers; equal calls give equal bytes.
 */
package org.rolescope.export.graph;
