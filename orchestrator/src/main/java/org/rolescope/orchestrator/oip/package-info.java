/**
 * The Open Inference Protocol as plain classes: what a request of a KServe or Triton client asks of
 * the inference and metrics services, and their answers as its tensors. Inputs, outputs and limits:
 * docs/clients.md.
 */
package org.rolescope.orchestrator.oip;
