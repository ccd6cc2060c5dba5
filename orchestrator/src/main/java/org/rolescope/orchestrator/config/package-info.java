/** Settings of the orchestrator, and how its plain classes are put together. */
package org.rolescope.orchestrator.config;
