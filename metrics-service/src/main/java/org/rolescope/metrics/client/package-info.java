/**
 * Pulls tensors from the inference service and measures them as they arrive. One tensor is in
 * memory at a time; the service is slowed to the pace of the measurement.
 */
package org.rolescope.metrics.client;
