/**
 * Thin, well-named helpers over Apache Commons Statistics and Commons RNG: means and spreads as the
 * published study takes them, Student t intervals, percentiles, z-scores, correlations, effect
 * sizes, the tests of Wilcoxon and of Mann and Whitney, seeded random streams, and the
 * Benjamini-Hochberg adjustment. Plain numbers in, plain numbers out.
 */
package org.rolescope.metrics.stats;
