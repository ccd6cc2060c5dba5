/**
 * Benches. Each compares what Rolescope takes with what the bare operation takes, measured in the
 * same process: matrix products, plain reads, a raw socket, a memory copy. Nothing depends on this
 * module; the launcher starts it for {@code rolescope bench}.
 */
package org.rolescope.bench;
