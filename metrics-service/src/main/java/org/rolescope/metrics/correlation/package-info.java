/**
 * Series of one number a layer, such as the RFC differences of several model families: described,
 * correlated pair by pair, and asked what single layers hide. Plain classes.
 */
package org.rolescope.metrics.correlation;
