package org.rolescope.orchestrator.oip;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rolescope.openinference.InferParameter;
import org.rolescope.openinference.InferParameter.ParameterChoiceCase;
import org.rolescope.orchestrator.plan.BosPolicy;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.v1.LayerRange;

/**
 * What a request says beside its tensors.
 *
 * @param layers layers of entropies
 * @param promptOptions how prompts become tokens
 */
record InferOptions(LayerRange layers, PromptOptions promptOptions) {
  static final String BOS = "bos";
  static final String CHAT_TEMPLATE = "chat_template";
  private static final String FIRST_LAYER = "first_layer";
  private static final String LAST_LAYER = "last_layer";
  private static final List<String> NAMES = List.of(FIRST_LAYER, LAST_LAYER, BOS, CHAT_TEMPLATE);
  private static final Set<ParameterChoiceCase> INTEGERS =
      Set.of(ParameterChoiceCase.INT64_PARAM, ParameterChoiceCase.UINT64_PARAM);

  InferOptions {
    requireNonNull(layers, "layers are null");
    requireNonNull(promptOptions, "promptOptions are null");
  }

  /**
   * Reads the parameters of a request. Layers not given: all; {@code bos} not given or empty:
   * {@code auto}; {@code chat_template} not given: false.
   *
   * @param layerCount number of layers of the model
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where one is unknown, of the
   *     wrong type or out of range
   */
  static InferOptions of(Map<String, InferParameter> parameters, int layerCount) {
    parameters
        .keySet()
        .forEach(
            name ->
                Invalid.unless(
                    NAMES.contains(name),
                    "There is no parameter `%s`; use %s",
                    name,
                    String.join(", ", NAMES)));
    return new InferOptions(
        layers(parameters, layerCount),
        new PromptOptions(bos(parameters.get(BOS)), chatTemplate(parameters.get(CHAT_TEMPLATE))));
  }

  private static LayerRange layers(Map<String, InferParameter> parameters, int layerCount) {
    long first = layer(FIRST_LAYER, parameters.get(FIRST_LAYER), 0);
    long last = layer(LAST_LAYER, parameters.get(LAST_LAYER), layerCount - 1);
    Invalid.unless(
        0 <= first && first <= last && last < layerCount,
        "Layers %d to %d are asked for but the model has layers 0 to %d",
        first,
        last,
        layerCount - 1);
    return LayerRange.newBuilder().setFirst((int) first).setLast((int) last).build();
  }

  private static long layer(String name, InferParameter parameter, int otherwise) {
    if (parameter == null) {
      return otherwise;
    }
    Invalid.unless(
        INTEGERS.contains(parameter.getParameterChoiceCase()),
        "Parameter %s is to be an integer: a layer, counting from 0",
        name);
    return parameter.hasInt64Param() ? parameter.getInt64Param() : parameter.getUint64Param();
  }

  private static boolean chatTemplate(InferParameter parameter) {
    Invalid.unless(
        parameter == null || parameter.hasBoolParam(),
        "Parameter chat_template is to be true or false");
    return parameter != null && parameter.getBoolParam();
  }

  private static BosPolicy bos(InferParameter parameter) {
    Invalid.unless(
        parameter == null || parameter.hasStringParam(),
        "Parameter bos is to be the text auto, always or never");
    return BosPolicy.of(parameter == null ? "" : parameter.getStringParam());
  }
}
