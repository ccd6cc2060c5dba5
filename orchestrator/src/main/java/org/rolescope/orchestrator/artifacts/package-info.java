/**
 * Writers of what people and notebooks read: attention patterns for NumPy, entropies and settings
 * as JSON, the comparison as CSV. The same input gives the same bytes on every machine.
 */
package org.rolescope.orchestrator.artifacts;
