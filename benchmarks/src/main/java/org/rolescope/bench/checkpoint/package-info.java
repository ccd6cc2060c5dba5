/**
 * Synthetic checkpoints of true shapes: what a download would put on disk, with random weights.
 * Cheap to make, since a few MiB of random numbers repeat; not sparse, so reading them is real.
 */
package org.rolescope.bench.checkpoint;
