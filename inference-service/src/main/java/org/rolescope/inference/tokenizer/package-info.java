/** Text to token ids and back, by the model's own tokenizer. */
package org.rolescope.inference.tokenizer;
