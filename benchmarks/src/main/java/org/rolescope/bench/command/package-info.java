/** The commands below {@code rolescope bench}: parse arguments, print the machine, run a bench. */
package org.rolescope.bench.command;
