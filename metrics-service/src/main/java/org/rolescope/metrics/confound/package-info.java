/**
 * What else than roles could explain RFC and RSI: categories of unlike length, attention that rests
 * on the first token, heads with hardly any entropy. Which conclusions survive when that is
 * controlled for is said in words. Plain classes.
 */
package org.rolescope.metrics.confound;
