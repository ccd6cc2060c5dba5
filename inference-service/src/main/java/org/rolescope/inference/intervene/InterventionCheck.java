package org.rolescope.inference.intervene;

import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * Looks whether interventions fit a model, its prompts and each other. Every fault is an
 * INVALID_ARGUMENT that names the intervention by its place in the request, counting from 0.
 */
final class InterventionCheck {
  private final ModelDimensions dimensions;
  private final List<TokenizedPrompt> prompts;

  /** For each layer and part of it, which heads of which prompts are changed already. */
  private final Map<Target, BitSet> changed = new HashMap<>();

  private int index;

  /** What can be changed only once for a prompt. */
  private enum Part {
    PATTERN("the pattern"),
    Z("z"),
    MLP("the MLP"),
    RESIDUAL("the residual stream");

    private final String words;

    Part(String words) {
      this.words = words;
    }
  }

  private record Target(int layer, Part part) {}

  InterventionCheck(ModelDimensions dimensions, List<TokenizedPrompt> prompts) {
    this.dimensions = dimensions;
    this.prompts = prompts;
  }

  /**
   * Checks the next intervention.
   *
   * @param resolved an intervention that names all its prompts and heads
   * @throws RolescopeException INVALID_ARGUMENT where it does not fit
   */
  void add(ResolvedIntervention resolved) {
    checkBounds("layer", resolved.layer(), dimensions.layerCount());
    checkEach("head", resolved.heads(), dimensions.headCount());
    checkEach("prompt", resolved.prompts(), prompts.size());
    switch (resolved.site()) {
      case Site.Heads(_, HeadMethod method) -> checkMethod(resolved, method);
      case Site.MlpScale(float factor) -> {
        checkFactor(factor);
        claim(resolved, Part.MLP);
      }
      case Site.MlpPatch(Patch patch) -> {
        checkRows("the MLP", resolved, patch);
        claim(resolved, Part.MLP);
      }
      case Site.ResidualPatch(Patch patch) -> {
        checkRows("the residual stream", resolved, patch);
        claim(resolved, Part.RESIDUAL);
      }
    }
    index++;
  }

  private void checkMethod(ResolvedIntervention resolved, HeadMethod method) {
    int heads = resolved.heads().size();
    switch (method) {
      case HeadMethod.ScaledPattern(float factor) -> checkFactor(factor);
      case HeadMethod.PatternPatch(Patch patch) ->
          checkPatch(
              resolved,
              patch,
              length -> (long) heads * length * length,
              "the pattern [head %d, query_pos %%1$d, key_pos %%1$d]".formatted(heads));
      case HeadMethod.ZPatch(Patch patch) ->
          checkPatch(
              resolved,
              patch,
              length -> (long) length * heads * dimensions.headSize(),
              "z [pos %%d, head %d, d_head %d]".formatted(heads, dimensions.headSize()));
      case HeadMethod.Uniform _,
          HeadMethod.Random _,
          HeadMethod.ReferenceUniform _,
          HeadMethod.ReferenceRandom _ -> {}
    }
    claim(resolved, method instanceof HeadMethod.ZPatch ? Part.Z : Part.PATTERN);
  }

  private void checkRows(String what, ResolvedIntervention resolved, Patch patch) {
    checkPatch(
        resolved,
        patch,
        length -> (long) length * dimensions.hiddenSize(),
        "%s [pos %%d, d_model %d]".formatted(what, dimensions.hiddenSize()));
  }

  private void checkBounds(String what, int number, int count) {
    if (number < 0 || number >= count) {
      throw invalid(
          "is on %s %s but the last %s is %d"
              .formatted(what, Integer.toUnsignedString(number), what, count - 1));
    }
  }

  private void checkEach(String what, List<Integer> numbers, int count) {
    BitSet seen = new BitSet();
    for (int number : numbers) {
      checkBounds(what, number, count);
      if (seen.get(number)) {
        throw invalid("names %s %d twice; name it once".formatted(what, number));
      }
      seen.set(number);
    }
  }

  private void checkFactor(float factor) {
    if (!Float.isFinite(factor)) {
      throw invalid("scales by %s; give a finite number".formatted(factor));
    }
  }

  /** Number of values that a prompt of so many tokens takes. */
  private interface Elements {
    long of(int length);
  }

  private void checkPatch(
      ResolvedIntervention resolved, Patch patch, Elements elements, String shape) {
    if (patch.values().size() != resolved.promptCount()) {
      throw invalid(
          "has values for %d prompts but changes %d; give values for each of them"
              .formatted(patch.values().size(), resolved.promptCount()));
    }
    for (int place = 0; place < resolved.promptCount(); place++) {
      int prompt = resolved.prompt(place);
      int length = prompts.get(prompt).length();
      long expectedBytes = Float.BYTES * elements.of(length);
      int actualBytes = patch.values().get(place).remaining();
      if (actualBytes != expectedBytes) {
        throw invalid(
            "patches prompt %d with %d bytes but %s takes %d in float32; send the values of that shape"
                .formatted(prompt, actualBytes, shape.formatted(length), expectedBytes));
      }
      checkFinite(prompt, patch.floats(place));
    }
  }

  private void checkFinite(int prompt, FloatBuffer values) {
    for (int element = 0; element < values.limit(); element++) {
      if (!Float.isFinite(values.get(element))) {
        throw invalid(
            "patches prompt %d with %s at element %d; send finite numbers"
                .formatted(prompt, values.get(element), element));
      }
    }
  }

  /** Notes what an intervention changes; the MLP and the residual stream count as one head. */
  private void claim(ResolvedIntervention resolved, Part part) {
    boolean byHead = part == Part.PATTERN || part == Part.Z;
    BitSet taken = changed.computeIfAbsent(new Target(resolved.layer(), part), _ -> new BitSet());
    for (int place = 0; place < resolved.promptCount(); place++) {
      int prompt = resolved.prompt(place);
      if (byHead) {
        for (int head : resolved.heads()) {
          claim(taken, prompt * dimensions.headCount() + head, prompt, resolved, part);
        }
      } else {
        claim(taken, prompt, prompt, resolved, part);
      }
    }
  }

  private void claim(BitSet taken, int bit, int prompt, ResolvedIntervention resolved, Part part) {
    if (taken.get(bit)) {
      throw invalid(
          "changes %s of layer %d for prompt %d, which another intervention changes already; leave one of them"
              .formatted(part.words, resolved.layer(), prompt));
    }
    taken.set(bit);
  }

  private RolescopeException invalid(String what) {
    return new RolescopeException(
        FaultCode.INVALID_ARGUMENT, "Intervention %d %s".formatted(index, what));
  }
}
