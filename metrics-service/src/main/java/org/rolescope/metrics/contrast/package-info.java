/**
 * How two versions of a model differ: RFC and RSI of the newer minus the older, layer by layer,
 * with intervals, p-values and a verdict in words. Here "base" is the older version and "instruct"
 * the newer, as in the published study. Plain classes.
 */
package org.rolescope.metrics.contrast;
