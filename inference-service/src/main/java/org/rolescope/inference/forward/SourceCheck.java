package org.rolescope.inference.forward;

import java.util.function.ToIntFunction;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.ModelDimensions;

/** Looks whether what a source run gives can be put into a target run. */
final class SourceCheck {
  private final ModelPrompts target;
  private final ModelPrompts source;

  private SourceCheck(ModelPrompts target, ModelPrompts source) {
    this.target = target;
    this.source = source;
  }

  /**
   * Checks models and prompts.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a size of the models or a token count differs
   */
  static void check(ModelPrompts target, ModelPrompts source) {
    SourceCheck check = new SourceCheck(target, source);
    check.size("layers", ModelDimensions::layerCount);
    check.size("heads a layer", ModelDimensions::headCount);
    check.size("numbers a head", ModelDimensions::headSize);
    check.size("numbers in the residual stream", ModelDimensions::hiddenSize);
    check.size("tokens in the vocabulary", ModelDimensions::vocabularySize);
    check.prompts();
  }

  private void size(String what, ToIntFunction<ModelDimensions> size) {
    int ofSource = size.applyAsInt(source.manifest().dimensions());
    int ofTarget = size.applyAsInt(target.manifest().dimensions());
    if (ofSource != ofTarget) {
      throw invalid(
          "The model of the source has %d %s but the target has %d; give a source of equal size"
              .formatted(ofSource, what, ofTarget));
    }
  }

  private void prompts() {
    if (source.prompts().size() != target.prompts().size()) {
      throw invalid(
          "The source has %d prompts but the target has %d; give one for each"
              .formatted(source.prompts().size(), target.prompts().size()));
    }
    for (int prompt = 0; prompt < target.prompts().size(); prompt++) {
      int ofSource = source.prompts().get(prompt).length();
      int ofTarget = target.prompts().get(prompt).length();
      if (ofSource != ofTarget) {
        throw invalid(
            "Prompt %d of the source has %d tokens but its counterpart has %d; give prompts of equal length"
                .formatted(prompt, ofSource, ofTarget));
      }
    }
  }

  private static RolescopeException invalid(String sentence) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, sentence);
  }
}
