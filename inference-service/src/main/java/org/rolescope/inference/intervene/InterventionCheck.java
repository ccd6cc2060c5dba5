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
 * INVALID_ARGUMENT that names the intervention by its place, counting from 0.
 */
final class InterventionCheck {
  private final ModelDimensions dimensions;
  private final List<TokenizedPrompt> prompts;
  private final InterventionPlace place;
  private final boolean hasSource;

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

  /**
   * Checks interventions.
   *
   * @param dimensions sizes of the model
   * @param prompts the prompts they may change
   * @param place where they stand in the request
   * @param hasSource whether there is a source run
   */
  InterventionCheck(
      ModelDimensions dimensions,
      List<TokenizedPrompt> prompts,
      InterventionPlace place,
      boolean hasSource) {
    this.dimensions = dimensions;
    this.prompts = prompts;
    this.place = place;
    this.hasSource = hasSource;
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
      case HeadMethod.ConstantZ constant -> checkConstant(heads, constant);
      case HeadMethod.Uniform _,
          HeadMethod.Random _,
          HeadMethod.ReferenceUniform _,
          HeadMethod.ReferenceRandom _ -> {}
    }
    claim(resolved, part(method));
  }

  private static Part part(HeadMethod method) {
    return switch (method) {
      case HeadMethod.ZPatch _, HeadMethod.ConstantZ _ -> Part.Z;
      case HeadMethod.ScaledPattern _,
          HeadMethod.Uniform _,
          HeadMethod.Random _,
          HeadMethod.ReferenceUniform _,
          HeadMethod.ReferenceRandom _,
          HeadMethod.PatternPatch _ ->
          Part.PATTERN;
    };
  }

  private void checkConstant(int heads, HeadMethod.ConstantZ constant) {
    long expectedBytes = (long) Float.BYTES * heads * dimensions.headSize();
    if (constant.values().remaining() != expectedBytes) {
      throw invalid(
          "puts %d bytes but z [head %d, d_head %d] takes %d in float32; send the values of that shape"
              .formatted(
                  constant.values().remaining(), heads, dimensions.headSize(), expectedBytes));
    }
    checkFinite("puts", constant.floats());
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
    if (patch.fromSource()) {
      checkFromSource(patch);
      return;
    }
    if (patch.values().size() != resolved.promptCount()) {
      throw invalid(
          "has values for %d prompts but changes %d; give values for each of them"
              .formatted(patch.values().size(), resolved.promptCount()));
    }
    for (int at = 0; at < resolved.promptCount(); at++) {
      int prompt = resolved.prompt(at);
      int length = prompts.get(prompt).length();
      long expectedBytes = Float.BYTES * elements.of(length);
      int actualBytes = patch.values().get(at).remaining();
      if (actualBytes != expectedBytes) {
        throw invalid(
            "patches prompt %d with %d bytes but %s takes %d in float32; send the values of that shape"
                .formatted(prompt, actualBytes, shape.formatted(length), expectedBytes));
      }
      checkFinite("patches prompt " + prompt + " with", patch.floats(at));
    }
  }

  private void checkFromSource(Patch patch) {
    if (!hasSource) {
      throw invalid(
          "takes its values from a source run but there is none; send values, or a sweep with a source");
    }
    if (!patch.values().isEmpty()) {
      throw invalid(
          "has values and takes those of the source run as well; leave values or from_source away");
    }
  }

  private void checkFinite(String what, FloatBuffer values) {
    for (int element = 0; element < values.limit(); element++) {
      if (!Float.isFinite(values.get(element))) {
        throw invalid(
            "%s %s at element %d; send finite numbers"
                .formatted(what, values.get(element), element));
      }
    }
  }

  /** Notes what an intervention changes; the MLP and the residual stream count as one head. */
  private void claim(ResolvedIntervention resolved, Part part) {
    boolean byHead = part == Part.PATTERN || part == Part.Z;
    BitSet taken = changed.computeIfAbsent(new Target(resolved.layer(), part), _ -> new BitSet());
    for (int at = 0; at < resolved.promptCount(); at++) {
      int prompt = resolved.prompt(at);
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
        FaultCode.INVALID_ARGUMENT, "%s %s".formatted(place.of(index), what));
  }
}
