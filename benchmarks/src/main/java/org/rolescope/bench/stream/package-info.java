/**
 * The tensor stream over loopback TCP against a raw socket that moves the same bytes, and what both
 * ends hold in memory while the reader is slow.
 */
package org.rolescope.bench.stream;
