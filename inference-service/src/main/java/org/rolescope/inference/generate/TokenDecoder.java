package org.rolescope.inference.generate;

import java.util.List;

/** The tokenizer, as far as text is made of tokens. */
public interface TokenDecoder {
  /**
   * The text of tokens, special tokens left out. A character of which there are only some bytes is
   * U+FFFD.
   */
  String decode(List<Long> ids);

  /** A token as the vocabulary spells it. */
  String spelling(long id);
}
