/**
 * Settings of the metrics service, and the wiring of its plain classes into beans. Nothing here
 * exists unless {@code rolescope.metrics.enabled} is {@code true}.
 */
package org.rolescope.metrics.config;
