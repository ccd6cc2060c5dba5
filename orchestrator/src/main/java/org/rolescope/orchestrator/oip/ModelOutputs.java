package org.rolescope.orchestrator.oip;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiConsumer;
import org.rolescope.openinference.ModelInferRequest.InferRequestedOutputTensor;
import org.rolescope.orchestrator.plan.EntropyName;
import org.rolescope.v1.Model;
import org.rolescope.v1.Tap;

/** What a model can be asked for, by name. */
final class ModelOutputs {
  private static final String LOGITS = "logits";
  private static final String PATTERN = "pattern.";
  private static final String ENTROPY = "entropy";

  private final Model model;
  private final Map<String, Output> byName = new LinkedHashMap<>();

  ModelOutputs(Model model) {
    this.model = model;
    List<Tap> taps = model.getTapsList();
    if (taps.contains(Tap.TAP_LOGITS)) {
      byName.put(LOGITS, new Output.Logits());
    }
    byName.put("token_ids", new Output.TokenIds());
    byName.put("token_counts", new Output.TokenCounts());
    if (taps.contains(Tap.TAP_PATTERN)) {
      putPatterns();
      putEntropies(taps.contains(Tap.TAP_VALUE_NORM));
    }
  }

  /** Tells of all of them, in the order they are listed. */
  void forEach(BiConsumer<String, Output> listener) {
    byName.forEach(listener);
  }

  /**
   * What a request asks for, in its order; {@code logits} where it names nothing.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where the model has no such
   *     output, one is named twice, or comes with parameters
   */
  SequencedMap<String, Output> requested(List<InferRequestedOutputTensor> tensors) {
    Set<String> names = new LinkedHashSet<>(tensors.isEmpty() ? List.of(LOGITS) : List.of());
    for (InferRequestedOutputTensor tensor : tensors) {
      Invalid.unless(
          tensor.getParametersCount() == 0,
          "Output %s comes with parameters (%s), of which this server knows none; leave them out",
          tensor.getName(),
          String.join(", ", tensor.getParametersMap().keySet()));
      Invalid.unless(
          names.add(tensor.getName()), "Output %s is asked for twice; ask once", tensor.getName());
    }
    SequencedMap<String, Output> outputs = new LinkedHashMap<>();
    names.forEach(name -> outputs.put(name, checked(name)));
    return outputs;
  }

  private Output checked(String name) {
    Invalid.unless(
        byName.containsKey(name),
        "Model %s has no output `%s`; ask for one of %s",
        model.getName(),
        name,
        described());
    return byName.get(name);
  }

  /** The names for a sentence, which a deep model must not make long. */
  private String described() {
    List<String> names = new ArrayList<>(byName.keySet());
    names.removeIf(name -> name.startsWith(PATTERN));
    if (byName.containsKey(PATTERN + 0)) {
      names.add("%s0 to %s%d".formatted(PATTERN, PATTERN, model.getLayerCount() - 1));
    }
    return String.join(", ", names);
  }

  private void putPatterns() {
    for (int layer = 0; layer < model.getLayerCount(); layer++) {
      byName.put(PATTERN + layer, new Output.Pattern(layer));
    }
  }

  private void putEntropies(boolean valueNorms) {
    byName.put(ENTROPY, new Output.Entropy(EntropyName.EXACT));
    for (EntropyName kind : EntropyName.values()) {
      if (kind != EntropyName.NORM_WEIGHTED || valueNorms) {
        byName.put(ENTROPY + "." + kind.text(), new Output.Entropy(kind));
      }
    }
  }
}
