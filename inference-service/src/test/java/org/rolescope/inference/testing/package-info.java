/** Models for tests. */
package org.rolescope.inference.testing;
