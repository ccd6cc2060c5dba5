/**
 * Runs on disk: which file lies where, files that are either whole or absent, the lock that keeps
 * two processes off one run, and the one file that holds times. docs/runs.md shows the layout.
 */
package org.rolescope.orchestrator.runstore;
