package org.rolescope.inference.generate;

import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * How a prompt is continued.
 *
 * @param maxTokens most tokens to generate; at least 1
 * @param temperature what logits are divided by before a token is drawn; 0: always the likeliest
 *     token, the first of equals
 * @param topP draw among the likeliest tokens that together have at least this probability; 0:
 *     among all
 * @param seed seed of the draws
 * @param stop texts that end the answer, which ends before them
 * @param ignoresEndTokens whether to go on past end tokens
 */
public record GenerationSettings(
    int maxTokens,
    double temperature,
    double topP,
    long seed,
    List<String> stop,
    boolean ignoresEndTokens) {
  /** Tokens generated where a caller does not say how many. */
  public static final int DEFAULT_MAX_TOKENS = 64;

  private static final int MAX_STOP_TEXTS = 64;
  private static final int MAX_STOP_CHARACTERS = 1024;

  /**
   * Checks every setting.
   *
   * @throws RolescopeException INVALID_ARGUMENT where one is out of range
   */
  public GenerationSettings {
    stop = List.copyOf(stop);
    if (maxTokens < 1) {
      throw invalid("%d tokens are asked for; ask for at least 1".formatted(maxTokens));
    }
    if (!Double.isFinite(temperature) || temperature < 0) {
      throw invalid("The temperature is %s; give 0 or more".formatted(temperature));
    }
    if (!(topP >= 0 && topP <= 1)) {
      throw invalid("top_p is %s; give a probability, 0 to 1".formatted(topP));
    }
    if (stop.size() > MAX_STOP_TEXTS) {
      throw invalid(
          "There are %d stop texts; give at most %d".formatted(stop.size(), MAX_STOP_TEXTS));
    }
    for (String text : stop) {
      if (text.isEmpty() || text.length() > MAX_STOP_CHARACTERS) {
        throw invalid(
            "A stop text has %d characters; give 1 to %d"
                .formatted(text.length(), MAX_STOP_CHARACTERS));
      }
    }
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}
