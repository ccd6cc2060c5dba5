/** The machine a bench runs on: its name, its memory, and the clock-like things it tells. */
package org.rolescope.bench.machine;
