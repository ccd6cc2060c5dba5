/**
 * What is to be measured: validated run plans, prompt sets, and the run ids that follow from them.
 * Knows neither gRPC nor the disk layout of runs.
 */
package org.rolescope.orchestrator.plan;
