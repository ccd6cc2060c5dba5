/**
 * Tables of a number a layer, ours or the published study's: read, sent to be correlated, written
 * as the study writes its results, and compared with what it published.
 */
package org.rolescope.cli.study;
