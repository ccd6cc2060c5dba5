/** Wires the plain classes of inference into Micronaut. */
package org.rolescope.inference.config;
