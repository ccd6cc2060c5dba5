/**
 * Reads the header of a safetensors file: which tensors it holds, of which type and shape, and at
 * which bytes. The file is hostile until validated; nothing is allocated on its word. Of the
 * tensors only a sample is read, to name the content of the file.
 */
package org.rolescope.export.safetensors;
