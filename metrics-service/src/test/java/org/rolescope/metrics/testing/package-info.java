/** What the tests of this module share: golden values, tolerances, seeded input and fakes. */
package org.rolescope.metrics.testing;
