package org.rolescope.metrics.grpc;

import io.grpc.stub.StreamObserver;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.metrics.patching.KullbackLeibler;
import org.rolescope.metrics.patching.LogitDifference;
import org.rolescope.v1.AnswerTokens;
import org.rolescope.v1.CompareLogitsRequest;
import org.rolescope.v1.CompareLogitsResponse;
import org.rolescope.v1.LogitComparison;

/** One call of CompareLogits: each prompt is compared as it comes, the answer sent at the end. */
final class CompareLogitsObserver
    extends AnsweringObserver<CompareLogitsRequest, CompareLogitsResponse> {
  /** Bounds what a caller can make us keep. */
  static final int MAX_PROMPTS = 100_000;

  private final CompareLogitsResponse.Builder response = CompareLogitsResponse.newBuilder();

  CompareLogitsObserver(StreamObserver<CompareLogitsResponse> observer) {
    super(observer);
  }

  @Override
  void take(CompareLogitsRequest request) {
    int prompt = response.getComparisonsCount();
    require(
        prompt < MAX_PROMPTS,
        "More than %d prompts came; send them in several calls".formatted(MAX_PROMPTS));
    try {
      response.addComparisons(comparison(request));
    } catch (IllegalArgumentException unusable) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Prompt %d cannot be compared: %s".formatted(prompt, unusable.getMessage()),
          unusable);
    }
  }

  @Override
  CompareLogitsResponse answer() {
    require(response.getComparisonsCount() > 0, "No logits came; send one message a prompt");
    return response.build();
  }

  private static LogitComparison comparison(CompareLogitsRequest request) {
    float[] clean = unboxed(request.getCleanList());
    float[] other = unboxed(request.getOtherList());
    LogitComparison.Builder comparison =
        LogitComparison.newBuilder()
            .setKlNats(KullbackLeibler.nats(clean, other))
            .setCleanLogitDifference(Double.NaN)
            .setOtherLogitDifference(Double.NaN);
    if (request.hasAnswers()) {
      AnswerTokens answers = request.getAnswers();
      LogitDifference difference = new LogitDifference(answers.getFirst(), answers.getSecond());
      comparison
          .setCleanLogitDifference(difference.nats(clean))
          .setOtherLogitDifference(difference.nats(other));
    }
    return comparison.build();
  }

  private static float[] unboxed(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int index = 0; index < floats.length; index++) {
      floats[index] = values.get(index);
    }
    return floats;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new RolescopeException(FaultCode.INVALID_ARGUMENT, otherwise);
    }
  }
}
