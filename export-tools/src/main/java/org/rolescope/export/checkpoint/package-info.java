/**
 * A Hugging Face snapshot folder as it lies on disk: {@code config.json}, the weights and the
 * tokenizer. Knows no architecture; says what is missing or unreadable in words a user can act on.
 */
package org.rolescope.export.checkpoint;
