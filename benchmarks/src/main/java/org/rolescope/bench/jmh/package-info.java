/**
 * Micro-benchmarks of the hot loops. Each class has a method {@code memoryCopy} that copies the
 * same bytes: the floor the others are compared with.
 */
package org.rolescope.bench.jmh;
