/** How figures look: plain tables, medians, units. */
package org.rolescope.bench.report;
