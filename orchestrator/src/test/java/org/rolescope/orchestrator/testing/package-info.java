/** Hand-written fakes of the services the orchestrator calls, and a bench to run plans on them. */
package org.rolescope.orchestrator.testing;
