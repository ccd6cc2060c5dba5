package org.rolescope.bench.analysis;

import io.grpc.ManagedChannel;
import java.util.Iterator;
import org.rolescope.v1.GenerateRequest;
import org.rolescope.v1.GenerateResponse;
import org.rolescope.v1.InferenceServiceGrpc;

/** Generates through gRPC, and times the tokens after the first ones. */
public final class TimedGeneration {
  private static final int PROMPT_TOKENS = 8;

  private TimedGeneration() {}

  /**
   * Generates once.
   *
   * @param channel leads to the service
   * @param model name of the model
   * @param skipped tokens before the clock runs, the first among them
   * @param tokens tokens that are timed
   * @param timed runs the reading of the timed tokens
   */
  public static void run(
      ManagedChannel channel, String model, int skipped, int tokens, Timer timed) {
    Iterator<GenerateResponse> messages =
        InferenceServiceGrpc.newBlockingStub(channel)
            .generate(
                GenerateRequest.newBuilder()
                    .setModel(model)
                    .setPrompt(Prompts.random(1, PROMPT_TOKENS).getFirst())
                    .setMaxTokens(skipped + tokens)
                    .setIgnoreEndTokens(true)
                    .build());
    messages.next();
    read(messages, skipped);
    timed.time(() -> read(messages, tokens));
    messages.next();
  }

  /** Runs something and notes what it took. */
  @FunctionalInterface
  public interface Timer {
    /** Runs it. */
    void time(Runnable work);
  }

  private static void read(Iterator<GenerateResponse> messages, int tokens) {
    for (int token = 0; token < tokens; token++) {
      if (!messages.next().hasToken()) {
        throw new IllegalStateException("the generation ended early");
      }
    }
  }
}
