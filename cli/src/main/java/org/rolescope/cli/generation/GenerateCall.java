package org.rolescope.cli.generation;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.rolescope.cli.services.Connection;
import org.rolescope.v1.GenerateEnded;
import org.rolescope.v1.GenerateRequest;
import org.rolescope.v1.GenerateResponse;
import org.rolescope.v1.GenerateStarted;
import org.rolescope.v1.GeneratedToken;
import org.rolescope.v1.InferenceServiceGrpc;

/**
 * Has prompts continued by an inference service.
 *
 * @param connection leads to it
 */
public record GenerateCall(Connection connection) {
  /** Checks that there is a connection. */
  public GenerateCall {
    requireNonNull(connection, "connection is null");
  }

  /**
   * An answer.
   *
   * @param started model and prompt
   * @param tokens the tokens
   * @param ended the text, and why it ended
   */
  public record Answer(GenerateStarted started, List<GeneratedToken> tokens, GenerateEnded ended) {
    /** Copies the tokens. */
    public Answer {
      tokens = List.copyOf(tokens);
    }
  }

  /**
   * Generates.
   *
   * @param request what
   * @param begun told of model and prompt before the first token
   * @param text takes text as it comes; never empty
   * @throws org.rolescope.fault.RolescopeException what the service says
   */
  public Answer run(
      GenerateRequest request, Consumer<GenerateStarted> begun, Consumer<String> text) {
    return connection.call("inference service", () -> read(request, begun, text));
  }

  private Answer read(
      GenerateRequest request, Consumer<GenerateStarted> begun, Consumer<String> text) {
    Iterator<GenerateResponse> messages =
        InferenceServiceGrpc.newBlockingStub(connection.channel()).generate(request);
    GenerateStarted started = messages.next().getStarted();
    begun.accept(started);
    List<GeneratedToken> tokens = new ArrayList<>();
    GenerateEnded ended = GenerateEnded.getDefaultInstance();
    while (messages.hasNext()) {
      GenerateResponse message = messages.next();
      if (message.hasToken()) {
        tokens.add(message.getToken());
        if (!message.getToken().getText().isEmpty()) {
          text.accept(message.getToken().getText());
        }
      } else {
        ended = message.getEnded();
      }
    }
    return new Answer(started, tokens, ended);
  }
}
