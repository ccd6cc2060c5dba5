/**
 * From correlation to cause: the candidates of a comparison are ablated and patched, and each gets
 * a verdict. See docs/causes.md.
 */
package org.rolescope.orchestrator.causes;
