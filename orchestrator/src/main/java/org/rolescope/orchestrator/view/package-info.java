/**
 * What the dashboard and the figures show, as plain records: exactly the types of {@code
 * dashboard/src/api/types.js}, made from the folder of a run and from what lies beside it. Records
 * and nothing else are made here; whoever serves or draws them writes them by {@link
 * org.rolescope.orchestrator.view.ViewJson}. A number that does not exist is NaN here and {@code
 * null} there. Entropies are in nats; layers, heads and prompts count from 0.
 */
package org.rolescope.orchestrator.view;
