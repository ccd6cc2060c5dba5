/**
 * Work in small steps that is kept on disk: each piece of work in a folder named by what it is,
 * each step a file that is whole or absent. Whoever is cut off and asks for the same again goes on
 * where it stopped.
 *
 * <p>Runs (package {@code execute}) work by themselves and are watched; what is here is done while
 * its caller waits, and stops when the caller gives up.
 */
package org.rolescope.orchestrator.stepwise;
