/**
 * Entropy of attention. A row of an attention pattern says how a query position divides its
 * attention over the keys; its entropy, in nats, says how evenly. This package measures pattern
 * tensors as they arrive and keeps one number for each head and prompt. It knows neither the wire
 * nor the categories of prompts.
 */
package org.rolescope.metrics.entropy;
