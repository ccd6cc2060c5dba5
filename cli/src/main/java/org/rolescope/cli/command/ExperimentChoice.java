package org.rolescope.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.tensors.bundle.ModelName;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The models of an experiment: one, or base and instruct. */
final class ExperimentChoice {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      description = "One model, as `rolescope models` lists it.")
  private String model;

  @Option(
      names = "--family",
      paramLabel = "NAME",
      required = true,
      description = "The models NAME-base and NAME-instruct.")
  private String family;

  @ArgGroup(exclusive = false)
  private Pair pair;

  /** Two models by their names. */
  static final class Pair {
    @Option(
        names = "--base",
        paramLabel = "MODEL",
        required = true,
        description = "The base (older) model, as `rolescope models` lists it.")
    private String base;

    @Option(
        names = "--instruct",
        paramLabel = "MODEL",
        required = true,
        description = "The instruct (newer) model, as `rolescope models` lists it.")
    private String instruct;
  }

  /** Names of the models, in order. */
  Map<ModelSlot, String> models() {
    Map<ModelSlot, String> models = new LinkedHashMap<>();
    if (model != null) {
      models.put(ModelSlot.RUN, model);
    } else {
      models.put(ModelSlot.BASE, pair == null ? family + "-base" : pair.base);
      models.put(ModelSlot.RUN, pair == null ? family + "-instruct" : pair.instruct);
    }
    return models;
  }

  /**
   * Name in folders.
   *
   * @throws RolescopeException INVALID_ARGUMENT where it cannot be one
   */
  String name() {
    String single = model == null ? family : model;
    String name = single == null ? pair.base : single;
    if (!ModelName.isValid(name)) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "`%s` is no name of a model or family; `rolescope models` lists the models"
              .formatted(name));
    }
    return name;
  }
}
