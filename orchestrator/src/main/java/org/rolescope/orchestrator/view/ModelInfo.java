package org.rolescope.orchestrator.view;

import java.util.List;
import org.rolescope.v1.AttentionKind;
import org.rolescope.v1.Model;

/**
 * A model of a run.
 *
 * @param part the part it plays
 * @param name its name
 * @param architecture its architecture
 * @param digest digest of its content
 * @param layerCount number of layers
 * @param headCount heads a layer
 * @param parameterCount number of parameters
 * @param parity what verification had found when the run began
 * @param quantisation types its weights were quantised to; empty where they were not
 * @param attention causal or bidirectional
 */
public record ModelInfo(
    String part,
    String name,
    String architecture,
    String digest,
    int layerCount,
    int headCount,
    long parameterCount,
    String parity,
    List<String> quantisation,
    String attention) {
  static ModelInfo of(String part, Model model) {
    return new ModelInfo(
        part,
        model.getName(),
        model.getArchitecture(),
        model.getDigest(),
        model.getLayerCount(),
        model.getHeadCount(),
        model.getParameterCount(),
        parity(model),
        List.copyOf(model.getQuantisationList()),
        model.getAttention() == AttentionKind.ATTENTION_KIND_BIDIRECTIONAL
            ? "bidirectional"
            : "causal");
  }

  static String parity(Model model) {
    return switch (model.getParity()) {
      case PARITY_SUPPORTED -> "supported";
      case PARITY_DEGRADED -> "degraded";
      case PARITY_WRONG -> "wrong";
      case PARITY_UNVERIFIED, PARITY_UNSPECIFIED, UNRECOGNIZED -> "unverified";
    };
  }
}
