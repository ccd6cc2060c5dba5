/** Whether the estimators keep their promises, shown on simulated prompts. */
package org.rolescope.metrics.simulation;
