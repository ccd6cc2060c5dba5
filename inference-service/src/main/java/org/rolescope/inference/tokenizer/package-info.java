/** Text to token ids, by the model's own tokenizer. */
package org.rolescope.inference.tokenizer;
