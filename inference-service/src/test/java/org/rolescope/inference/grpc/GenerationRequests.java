package org.rolescope.inference.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.GenerateEnded;
import org.rolescope.v1.GenerateRequest;
import org.rolescope.v1.GenerateResponse;
import org.rolescope.v1.GenerateStarted;
import org.rolescope.v1.GeneratedToken;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.Tap;

/** Generations, and the same without a cache. */
final class GenerationRequests {
  private GenerationRequests() {}

  /**
   * A whole generation.
   *
   * @param started its first message
   * @param tokens its tokens
   * @param ended its last message
   */
  record Generated(GenerateStarted started, List<GeneratedToken> tokens, GenerateEnded ended) {
    Generated {
      tokens = List.copyOf(tokens);
    }

    List<Long> tokenIds() {
      return tokens.stream().map(GeneratedToken::getTokenId).toList();
    }

    /** What came in pieces. */
    String pieces() {
      return String.join("", tokens.stream().map(GeneratedToken::getText).toList());
    }
  }

  /** Generates, and checks that the messages belong together. */
  static Generated generate(InferenceServer server, GenerateRequest request) {
    Iterator<GenerateResponse> messages = server.stub().generate(request);
    GenerateStarted started = messages.next().getStarted();
    List<GeneratedToken> tokens = new ArrayList<>();
    GenerateResponse message = messages.next();
    for (; message.hasToken(); message = messages.next()) {
      tokens.add(message.getToken());
    }
    assertThat(messages.hasNext()).isFalse();
    Generated generated = new Generated(started, tokens, message.getEnded());
    assertThat(generated.ended().getTokenCount()).isEqualTo(tokens.size());
    assertThat(generated.pieces()).isEqualTo(generated.ended().getText());
    return generated;
  }

  /**
   * The likeliest token behind each of these texts, computed anew from its first token on.
   *
   * @param words all words, of one token each
   * @param first number of words of the first text; the last text has all
   */
  static List<Long> withoutCache(
      InferenceServer server,
      String model,
      List<String> words,
      int first,
      List<Intervention> interventions) {
    CaptureRequest.Builder request =
        CaptureRequest.newBuilder()
            .setModel(model)
            .addTaps(Tap.TAP_LOGITS)
            .addAllInterventions(interventions);
    for (int count = first; count <= words.size(); count++) {
      request.addPrompts(String.join(" ", words.subList(0, count)));
    }
    InferenceServer.Captured captured = server.capture(request.build());
    List<Long> likeliest = new ArrayList<>();
    for (int prompt = 0; prompt < request.getPromptsCount(); prompt++) {
      likeliest.add(likeliest(CapturedTensors.of(captured, "logits", -1, prompt)));
    }
    return likeliest;
  }

  private static long likeliest(FloatBuffer logits) {
    int best = 0;
    for (int id = 1; id < logits.remaining(); id++) {
      best = logits.get(id) > logits.get(best) ? id : best;
    }
    return best;
  }
}
