package org.rolescope.orchestrator.view;

import java.util.Base64;
import java.util.List;

/**
 * Attention pattern of one head on one prompt.
 *
 * @param tokens the tokens, as in the vocabulary
 * @param size number of tokens
 * @param pattern float32, little-endian, row-major [query][key], base64
 */
public record Pattern(List<String> tokens, int size, String pattern) {
  static Pattern of(List<String> tokens, byte[] float32) {
    return new Pattern(
        List.copyOf(tokens), tokens.size(), Base64.getEncoder().encodeToString(float32));
  }
}
