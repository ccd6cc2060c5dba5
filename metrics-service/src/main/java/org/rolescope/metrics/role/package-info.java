/**
 * How the attention of one model tells roles apart. Entropies of prompts in three categories (about
 * the model itself, about nobody, about the user) become RFC and RSI, by head and by layer, with
 * the published study's estimator and with the corrected default one. Plain classes.
 */
package org.rolescope.metrics.role;
