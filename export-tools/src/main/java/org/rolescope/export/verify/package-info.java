/**
 * Checks a bundle against its checkpoint: a second forward pass, in plain loops and double
 * precision, that shares neither graphs nor architectures with the exporter, so that a mistake on
 * one side cannot hide on the other. {@link org.rolescope.export.verify.Verification} takes what
 * the bundle computed and gives a certificate.
 */
package org.rolescope.export.verify;
