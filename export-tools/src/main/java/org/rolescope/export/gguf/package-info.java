/**
 * From a GGUF file to a checkpoint folder: reads and validates the file, dequantises its weights,
 * and undoes what the converter of llama.cpp did to a Llama-like model: names, the order of rotated
 * rows, settings and tokenizer. The file is hostile until validated; nothing is allocated on its
 * word. {@link org.rolescope.export.gguf.GgufCheckpoint} is the door.
 */
package org.rolescope.export.gguf;
