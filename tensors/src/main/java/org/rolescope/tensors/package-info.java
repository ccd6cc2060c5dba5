/**
 * Tensors with named axes. JDK only; what travels is translated in {@code wire}, and the manifest
 * of a model bundle lives in {@code bundle}.
 */
package org.rolescope.tensors;
