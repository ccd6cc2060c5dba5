package org.rolescope.inference.generate;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.forward.PassLimits;
import org.rolescope.inference.intervene.Intervention;
import org.rolescope.inference.intervene.InterventionLimits;
import org.rolescope.inference.intervene.Interventions;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.bundle.AttentionKind;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;

/** Continues one prompt. */
public final class Generation {
  private final BundleManifest manifest;
  private final TokenizedPrompt prompt;
  private final GenerationSettings settings;
  private final Set<Long> endTokens;
  private final Interventions interventions;
  private final int maxTokens;

  private Generation(
      BundleManifest manifest,
      TokenizedPrompt prompt,
      GenerationSettings settings,
      Set<Long> endTokens,
      Interventions interventions) {
    this.manifest = manifest;
    this.prompt = prompt;
    this.settings = settings;
    this.endTokens = settings.ignoresEndTokens() ? Set.of() : Set.copyOf(endTokens);
    this.interventions = interventions;
    this.maxTokens =
        Math.min(settings.maxTokens(), manifest.dimensions().contextLength() - prompt.length());
  }

  /**
   * Checks what is asked for.
   *
   * @param manifest the model
   * @param prompt the prompt
   * @param settings how it is continued
   * @param endTokens tokens that end the answer
   * @param changes what to change inside the model, at every token
   * @param limits largest tensor
   * @param interventionLimits most changes
   * @throws RolescopeException INVALID_ARGUMENT where the model cannot generate, the prompt fills
   *     its context, or a change does not fit; RESOURCE_EXHAUSTED where a tensor would be too large
   */
  public static Generation of(
      BundleManifest manifest,
      TokenizedPrompt prompt,
      GenerationSettings settings,
      Set<Long> endTokens,
      List<Intervention> changes,
      PassLimits limits,
      InterventionLimits interventionLimits) {
    checkModel(manifest);
    int context = manifest.dimensions().contextLength();
    if (prompt.length() >= context) {
      throw invalid(
          "The prompt has %d tokens, which fill the model's context of %d; shorten it"
              .formatted(prompt.length(), context));
    }
    Interventions standing = StandingInterventions.of(changes, manifest, interventionLimits);
    Generation generation = new Generation(manifest, prompt, settings, endTokens, standing);
    generation.checkSize(limits.maxTensorBytes());
    return generation;
  }

  /**
   * Generates.
   *
   * @param residency lends the stages
   * @param bundle folder of the bundle
   * @param decoder makes text of tokens
   * @param sink takes each token; may block, which slows the generation down
   * @param cancelled asked before each stage; true ends the generation
   * @throws RolescopeException CANCELLED once {@code cancelled} says so; MALFORMED_MODEL where the
   *     bundle is damaged; RESOURCE_EXHAUSTED where there is no memory for a stage
   */
  public Answer run(
      ModelResidency residency,
      Path bundle,
      TokenDecoder decoder,
      Consumer<GeneratedToken> sink,
      BooleanSupplier cancelled) {
    TokenSampler sampler = new TokenSampler(settings);
    AnswerText text = new AnswerText(decoder, settings.stop());
    List<Long> next = prompt.tokenIds();
    Runnable checkpoint = () -> check(cancelled);
    try (CachedPass pass =
        CachedPass.open(residency, bundle, manifest, interventions, checkpoint)) {
      for (int count = 1; ; count++) {
        float[] logits = pass.logits(next);
        int id = sampler.pick(logits);
        boolean ends = endTokens.contains((long) id);
        String added = ends ? text.end() : text.add(id);
        boolean last = ends || text.isStopped() || count == maxTokens;
        if (last) {
          added += text.end();
        }
        double logProbability = TokenSampler.logProbability(logits, id);
        sink.accept(new GeneratedToken(id, decoder.spelling(id), added, logProbability));
        if (last) {
          return new Answer(reason(ends, text), text.all(), count);
        }
        next = List.of((long) id);
      }
    }
  }

  private static FinishReason reason(boolean ends, AnswerText text) {
    if (text.isStopped()) {
      return FinishReason.STOP_TEXT;
    }
    return ends ? FinishReason.END_TOKEN : FinishReason.LENGTH;
  }

  private static void check(BooleanSupplier cancelled) {
    if (cancelled.getAsBoolean()) {
      throw new RolescopeException(FaultCode.CANCELLED, "The caller gave up");
    }
  }

  private static void checkModel(BundleManifest manifest) {
    if (manifest.holdsWholeModel()) {
      throw invalid(
          "The model was instrumented from an ONNX graph, which keeps no keys and values, so it cannot generate; export its checkpoint with `rolescope export`");
    }
    if (manifest.attention() == AttentionKind.BIDIRECTIONAL) {
      throw invalid(
          "The model attends to tokens to come, so it cannot generate; take a causal one");
    }
  }

  /** The largest tensor: of the prompt's pass, or the keys of a layer at the end. */
  private void checkSize(long maxBytes) {
    ModelDimensions dimensions = manifest.dimensions();
    long length = prompt.length();
    long widest = Math.max(dimensions.hiddenSize(), dimensions.intermediateSize());
    long promptBytes = length * Math.max(dimensions.headCount() * length, widest) * Float.BYTES;
    long keys = (long) dimensions.keyValueHeadCount() * dimensions.headSize();
    long bytes = Math.max(promptBytes, (length + maxTokens) * keys * Float.BYTES);
    if (bytes > maxBytes) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "A prompt of %d tokens with %d more needs a tensor of %d bytes, more than the limit of %d; shorten it, ask for fewer tokens or raise rolescope.inference.max-tensor-bytes"
              .formatted(length, maxTokens, bytes, maxBytes));
    }
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}
