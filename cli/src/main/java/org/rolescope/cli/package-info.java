/** The {@code rolescope} command. */
package org.rolescope.cli;
