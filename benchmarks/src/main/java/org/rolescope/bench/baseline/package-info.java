/**
 * The bare operations: matrix products and whole stages straight on ONNX Runtime, and plain reads.
 * What Rolescope takes beyond them is its own.
 */
package org.rolescope.bench.baseline;
