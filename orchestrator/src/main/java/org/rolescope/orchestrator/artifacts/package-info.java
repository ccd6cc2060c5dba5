/**
 * Writers of what people and notebooks read: attention patterns for NumPy, entropies and settings
 * as JSON, tables as CSV, JSON and Parquet. The same input gives the same bytes on every machine.
 */
package org.rolescope.orchestrator.artifacts;
