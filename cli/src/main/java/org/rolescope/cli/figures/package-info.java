/** Which figures a run has, what each is drawn from, and their files. */
package org.rolescope.cli.figures;
