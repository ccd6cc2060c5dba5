package org.rolescope.orchestrator.oip;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.client.RoleOptionsMessage;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.LayerRange;
import org.rolescope.v1.Model;

/**
 * The tensors of one answer, filled from the streams of both services. The first start of a stream
 * shows how large they are; nothing is allocated before that is found to be within the limits. Not
 * thread-safe.
 */
final class Answer implements CaptureDecoder.Sink, MetricsClient.EntropySink {
  private final Model model;
  private final SequencedMap<String, Output> outputs;
  private final LayerRange layers;
  private final int maxAnswerBytes;
  private final List<OutputTensor> tensors = new ArrayList<>();
  private CaptureStarted start;

  /**
   * Prepares an answer.
   *
   * @param outputs what it is to hold, by name
   * @param layers layers of entropies
   * @param maxAnswerBytes most bytes of all tensors
   */
  Answer(Model model, SequencedMap<String, Output> outputs, LayerRange layers, int maxAnswerBytes) {
    this.model = requireNonNull(model, "model is null");
    this.outputs = requireNonNull(outputs, "outputs are null");
    this.layers = requireNonNull(layers, "layers are null");
    this.maxAnswerBytes = maxAnswerBytes;
  }

  /**
   * Takes the start of a stream.
   *
   * @throws RolescopeException INVALID_ARGUMENT where prompts are of unequal length and an output
   *     needs them equal, RESOURCE_EXHAUSTED where the answer is over the limit, CONFLICT where two
   *     streams do not start alike
   */
  @Override
  public void started(CaptureStarted started) {
    if (start == null) {
      allocate(PromptLengths.of(started));
      start = started;
      fillTokens();
    } else if (!started.getPromptsList().equals(start.getPromptsList())
        || !started.getModel().getDigest().equals(start.getModel().getDigest())) {
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "Model %s was replaced while it was run; ask again".formatted(model.getName()));
    }
  }

  @Override
  public void tensor(TensorView tensor) {
    for (OutputTensor wanted : tensors) {
      boolean matches =
          switch (wanted.output()) {
            case Output.Logits _ -> tensor.name().equals("logits");
            case Output.Pattern pattern ->
                tensor.name().equals("pattern") && tensor.layer().orElse(-1) == pattern.layer();
            case Output.TokenIds _, Output.TokenCounts _, Output.Entropy _ -> false;
          };
      if (matches) {
        wanted.putBatch(tensor);
      }
    }
  }

  @Override
  public void layer(LayerEntropies entropies) {
    for (OutputTensor wanted : tensors) {
      if (wanted.output() instanceof Output.Entropy entropy) {
        fill(wanted, RoleOptionsMessage.kind(entropy.kind()), entropies);
      }
    }
  }

  /** The start of the streams. */
  CaptureStarted start() {
    return start;
  }

  /**
   * The tensors, in the order they were asked for.
   *
   * @throws RolescopeException DATA_LOSS where a stream ended before they were full
   */
  List<OutputTensor> tensors() {
    for (OutputTensor tensor : tensors) {
      if (tensor.output() instanceof Output.Logits || tensor.output() instanceof Output.Pattern) {
        tensor.requireAllPrompts();
      }
    }
    return List.copyOf(tensors);
  }

  private void allocate(PromptLengths lengths) {
    Sizes sizes = Sizes.of(model, lengths, layers);
    long sizeBytes = 0;
    for (var output : outputs.entrySet()) {
      requireEqualLengths(output.getKey(), output.getValue(), lengths);
      sizeBytes += OutputTensor.sizeBytes(output.getValue(), output.getValue().shape(sizes));
    }
    if (sizeBytes > maxAnswerBytes) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "The answer would take %d bytes, more than the %d this server sends in one message; ask for fewer prompts or outputs, or stream them with rolescope.v1.InferenceService/Capture"
              .formatted(sizeBytes, maxAnswerBytes));
    }
    outputs.forEach(
        (name, output) -> tensors.add(new OutputTensor(name, output, output.shape(sizes))));
  }

  private static void requireEqualLengths(String name, Output output, PromptLengths lengths) {
    Invalid.unless(
        lengths.equal() || !output.needsEqualLengths(),
        "Output %s is one tensor only where all prompts have the same number of tokens, and these have %s; ask for one length at a time (output token_counts tells the lengths)",
        name,
        lengths.tokenCounts());
  }

  private void fillTokens() {
    for (OutputTensor wanted : tensors) {
      int element = 0;
      for (var prompt : start.getPromptsList()) {
        if (wanted.output() instanceof Output.TokenCounts) {
          wanted.putLong(element++, prompt.getTokenIdsCount());
        } else if (wanted.output() instanceof Output.TokenIds) {
          for (long id : prompt.getTokenIdsList()) {
            wanted.putLong(element++, id);
          }
        }
      }
    }
  }

  /** From [head, prompt] of one layer to [prompt, layer, head]. */
  private void fill(OutputTensor wanted, EntropyKind kind, LayerEntropies entropies) {
    List<Double> nats = nats(kind, entropies);
    int prompts = entropies.getQueryCountsCount();
    int heads = entropies.getHeadCount();
    int layerCount = layers.getLast() - layers.getFirst() + 1;
    int layer = entropies.getLayer() - layers.getFirst();
    for (int prompt = 0; prompt < prompts; prompt++) {
      for (int head = 0; head < heads; head++) {
        wanted.putDouble(
            (prompt * layerCount + layer) * heads + head, nats.get(head * prompts + prompt));
      }
    }
  }

  private static List<Double> nats(EntropyKind kind, LayerEntropies entropies) {
    return entropies.getTablesList().stream()
        .filter(table -> table.getKind() == kind)
        .findFirst()
        .orElseThrow(
            () ->
                new RolescopeException(
                    FaultCode.DATA_LOSS,
                    "The metrics service sent no table %s of layer %d; check that all services are of one version"
                        .formatted(kind, entropies.getLayer())))
        .getNatsList();
  }
}
