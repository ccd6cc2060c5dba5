package org.rolescope.orchestrator.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.Model;
import org.rolescope.v1.Parity;
import org.rolescope.v1.Tap;
import org.rolescope.v1.TokenizedPrompt;

/**
 * A model whose attention patterns are made up: causal, each row sums to 1, and the same every time
 * for the same layer and tokens. A token is a word; {@code <s>} stands first.
 */
public record FakeModel(String name, String digest, int layerCount, int headCount, Parity parity) {
  public static final int CONTEXT_LENGTH = 12;
  public static final int VOCABULARY_SIZE = 100;

  /** A model that was not verified. */
  public FakeModel(String name, String digest, int layerCount, int headCount) {
    this(name, digest, layerCount, headCount, Parity.PARITY_UNVERIFIED);
  }

  public Model message() {
    return Model.newBuilder()
        .setName(name)
        .setArchitecture("llama")
        .setDigest(digest)
        .setLayerCount(layerCount)
        .setHeadCount(headCount)
        .setKeyValueHeadCount(1)
        .setHeadSize(4)
        .setHiddenSize(4 * headCount)
        .setVocabularySize(VOCABULARY_SIZE)
        .setContextLength(CONTEXT_LENGTH)
        .setParameterCount(12_345)
        .addTaps(Tap.TAP_PATTERN)
        .addTaps(Tap.TAP_LOGITS)
        .addTaps(Tap.TAP_RESID_POST)
        .addTaps(Tap.TAP_Z)
        .addTaps(Tap.TAP_MLP_OUT)
        .setParity(parity)
        .build();
  }

  public CaptureStarted started(List<String> prompts) {
    CaptureStarted.Builder started =
        CaptureStarted.newBuilder().setModel(message()).setRuntime("fake 1.0");
    for (String prompt : prompts) {
      TokenizedPrompt.Builder tokens = TokenizedPrompt.newBuilder().addTokenIds(0).addTokens("<s>");
      for (String word : prompt.split(" ")) {
        tokens.addTokenIds(1 + Math.floorMod(word.hashCode(), 99)).addTokens(word);
      }
      started.addPrompts(tokens);
    }
    return started.build();
  }

  /** The pattern of a prompt, [head][query_pos][key_pos]. */
  public float[][][] pattern(int layer, List<Long> tokenIds) {
    return pattern(layer, tokenIds, List.of());
  }

  /** The same where something is changed at that layer or before. */
  public float[][][] pattern(int layer, List<Long> tokenIds, List<Intervention> interventions) {
    Random random =
        new Random(
            31L * (31L * digest.hashCode() + layer)
                + tokenIds.hashCode()
                + change(layer, interventions));
    float[][][] pattern = new float[headCount][tokenIds.size()][tokenIds.size()];
    for (float[][] head : pattern) {
      for (int query = 0; query < head.length; query++) {
        fill(head[query], query + 1, random);
      }
    }
    return pattern;
  }

  /** The logits of a prompt, [vocab]. */
  public float[] logits(List<Long> tokenIds) {
    return logits(tokenIds, List.of());
  }

  /** The same where something is changed. */
  public float[] logits(List<Long> tokenIds, List<Intervention> interventions) {
    Random random =
        new Random(
            31L * digest.hashCode() + tokenIds.hashCode() + change(layerCount, interventions));
    float[] logits = new float[VOCABULARY_SIZE];
    for (int token = 0; token < VOCABULARY_SIZE; token++) {
      logits[token] = (float) random.nextGaussian();
    }
    return logits;
  }

  /** Outputs of heads or of an MLP for a prompt, [pos][width]. */
  public float[][] outputs(String tap, int layer, List<Long> tokenIds, int width) {
    Random random = new Random(31L * (31L * tap.hashCode() + layer) + tokenIds.hashCode());
    float[][] outputs = new float[tokenIds.size()][width];
    for (float[] position : outputs) {
      for (int index = 0; index < width; index++) {
        position[index] = (float) random.nextGaussian();
      }
    }
    return outputs;
  }

  /** 0 where nothing is changed up to a layer. */
  private static long change(int layer, List<Intervention> interventions) {
    return interventions.stream()
        .filter(intervention -> intervention.getLayer() <= layer)
        .mapToLong(intervention -> 1 + intervention.toByteString().hashCode())
        .sum();
  }

  /** Exact entropy, mean over query positions, in nats. */
  public static double entropyNats(float[][] head) {
    double sum = 0;
    for (float[] row : head) {
      for (float weight : row) {
        sum -= weight > 0 ? weight * Math.log(weight) : 0;
      }
    }
    return sum / head.length;
  }

  private static void fill(float[] row, int visible, Random random) {
    double[] scores = random.doubles(visible, -2, 2).map(Math::exp).toArray();
    double total = Arrays.stream(scores).sum();
    for (int key = 0; key < visible; key++) {
      row[key] = (float) (scores[key] / total);
    }
  }
}
