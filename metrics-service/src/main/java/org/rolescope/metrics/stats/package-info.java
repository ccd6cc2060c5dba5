/**
 * Thin, well-named helpers over Apache Commons Statistics and Commons RNG: means and spreads as the
 * published study takes them, Student t intervals, percentiles, effect sizes, the Mann-Whitney
 * test, seeded random streams, and the Benjamini-Hochberg adjustment. Plain numbers in, plain
 * numbers out.
 */
package org.rolescope.metrics.stats;
