/**
 * What each family of models looks like: its sizes, its positions, and which tensors each block
 * needs in which shapes. A family is one implementation of {@link
 * org.rolescope.export.architecture.Architecture}, which reads a configuration into a {@link
 * org.rolescope.export.architecture.Decoder}; a setting it does not handle is a fault, never
 * silently ignored.
 */
package org.rolescope.export.architecture;
