/** The subcommands: each turns options into calls and answers into text. */
package org.rolescope.cli.command;
