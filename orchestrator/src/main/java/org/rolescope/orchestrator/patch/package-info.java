/**
 * Activation patching: parts of one run are put into another, and what that moves is scored. Plans
 * are checked and filled in, random sets drawn, the sweeps of both directions taken in small steps
 * that are kept, and what they moved is scored by the metrics service. docs/patching.md.
 */
package org.rolescope.orchestrator.patch;
