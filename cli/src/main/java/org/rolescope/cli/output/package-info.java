/** What a command prints: progress, tables, sentences. */
package org.rolescope.cli.output;
