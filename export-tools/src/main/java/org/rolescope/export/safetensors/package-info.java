/**
 * Reads the header of a safetensors file: which tensors it holds, of which type and shape, and at
 * which bytes. The file is hostile until validated; nothing is allocated on its word, and no tensor
 * value is read here.
 */
package org.rolescope.export.safetensors;
