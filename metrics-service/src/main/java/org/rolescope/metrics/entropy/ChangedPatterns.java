package org.rolescope.metrics.entropy;

/**
 * Which patterns an intervention has put in place of the model's own, so that their rows need not
 * be distributions over the keys a query sees.
 *
 * <p>The reference entropy of such a row is the study's formula on the row as it is, later keys
 * included. Every other kind is that of the row over visible keys, renormalised; a row without
 * attention there has an exact entropy of 0, for 0 ln 0 = 0.
 */
@FunctionalInterface
public interface ChangedPatterns {
  /** Every pattern is the model's own. */
  ChangedPatterns NONE = (layer, head, prompt) -> false;

  /**
   * Whether the pattern of a head was put there for a prompt.
   *
   * @param layer the layer, counting from 0
   * @param head the head, counting from 0
   * @param prompt index of the prompt in the request
   */
  boolean isChanged(int layer, int head, int prompt);
}
