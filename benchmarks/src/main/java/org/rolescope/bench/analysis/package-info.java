/**
 * The analysis as users run it: the inference service in this JVM, and a reader of its stream that
 * measures exact and reference entropies.
 */
package org.rolescope.bench.analysis;
