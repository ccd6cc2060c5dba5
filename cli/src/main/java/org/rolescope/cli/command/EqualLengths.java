package org.rolescope.cli.command;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.IntStream;
import org.rolescope.cli.services.Connection;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.v1.PromptPair;
import org.rolescope.v1.TokenizedPrompt;

/**
 * Keeps the pairs whose prompts have as many tokens: others cannot be patched position by position.
 *
 * @param connection leads to an inference service that has the model
 * @param options how prompts become tokens
 */
record EqualLengths(Connection connection, PromptOptions options) {
  EqualLengths {
    requireNonNull(connection, "connection is null");
    requireNonNull(options, "options is null");
  }

  /**
   * The pairs kept, in order; says how many are not.
   *
   * @throws RolescopeException INVALID_ARGUMENT where none is
   */
  List<PromptPair> of(List<PromptPair> pairs, String model, PrintWriter out) {
    InferenceClient client = new InferenceClient(connection.channel(), connection.address());
    List<TokenizedPrompt> sources =
        client.tokenize(model, pairs.stream().map(PromptPair::getSource).toList(), options);
    List<TokenizedPrompt> targets =
        client.tokenize(model, pairs.stream().map(PromptPair::getTarget).toList(), options);
    List<PromptPair> kept =
        IntStream.range(0, pairs.size())
            .filter(
                pair ->
                    sources.get(pair).getTokenIdsCount() == targets.get(pair).getTokenIdsCount())
            .mapToObj(pairs::get)
            .toList();
    if (kept.isEmpty()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "None of %d pairs has prompts of equal length in tokens of %s; choose another set with --prompts, or give a file of pairs"
              .formatted(pairs.size(), model));
    }
    if (kept.size() < pairs.size()) {
      out.printf(
          "%d of %d pairs are left out: their prompts have unequal numbers of tokens.%n",
          pairs.size() - kept.size(), pairs.size());
    }
    return kept;
  }
}
