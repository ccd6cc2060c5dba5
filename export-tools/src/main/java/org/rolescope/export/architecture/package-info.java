/**
 * What each family of models looks like: its sizes, its positions, and which tensors each layer
 * needs in which shapes. A family is one implementation of {@link
 * org.rolescope.export.architecture.Architecture} and one line in {@link
 * org.rolescope.export.architecture.Families}; a setting it does not handle is a fault, never
 * silently ignored.
 */
package org.rolescope.export.architecture;
