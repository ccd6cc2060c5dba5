/** How this module writes JSON: the same bytes on every machine. */
package org.rolescope.orchestrator.json;
