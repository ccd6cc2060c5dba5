/** Beans of a process that serves over TCP. */
package org.rolescope.cli.config;
