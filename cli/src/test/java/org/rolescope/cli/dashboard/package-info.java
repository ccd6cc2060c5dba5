/** The dashboard in a real browser, over a demo served as its users serve it. */
package org.rolescope.cli.dashboard;
