package org.rolescope.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.rolescope.cli.family.Family;
import org.rolescope.cli.family.FoundModel;
import org.rolescope.cli.family.ModelFinder;
import org.rolescope.cli.family.ModelNeeds;
import org.rolescope.export.hub.Hub;
import org.rolescope.export.hub.HubSettings;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.RunPlan;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rolescope run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    header = "Measure a family of models by its name, from download to report.",
    description = {
      "Says what it will download and need, fetches what is not there, exports and",
      "verifies base and instruct, measures and compares them, ranks the heads worth",
      "patching and writes a report. After any interruption the same command goes on."
    },
    footer = {
      "",
      "As the published study ran it: --family llama --prompts published",
      "--prompts-per-category 20 --seed 123. `rolescope families` lists the families."
    })
public final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private FamilyChoice choice;

  @Mixin private FamilyOptions families;

  @Option(names = "--dry-run", description = "Only print what would be downloaded and needed.")
  private boolean dryRun;

  @Option(
      names = "--offline",
      description = "Download nothing; use what the cache of the hub has (as HF_HUB_OFFLINE=1).")
  private boolean offline;

  @Option(
      names = "--overwrite",
      description = "Replace models of the family's names that were made of something else.")
  private boolean overwrite;

  @Mixin private SkipOptions skip;
  @Mixin private DataOptions data;
  @Mixin private PlanOptions plan;
  @Mixin private RunOptions run;

  /** Picocli creates commands. */
  public RunCommand() {}

  @Override
  public Integer call() {
    checkOptions();
    Family family = choice.family(families);
    List<RunPlan> plans = plans(family);
    FamilyRun steps =
        new FamilyRun(spec.commandLine().getOut(), spec.commandLine().getErr(), data, run);
    if (!skip.analysis()) {
      ModelFinder finder =
          new ModelFinder(() -> new Hub(HubSettings.of(System.getenv()).withOffline(offline)));
      List<FoundModel> models = steps.find(family, finder);
      List<ModelNeeds> needs = steps.announce(models, plans.getFirst(), !skip.verification());
      if (dryRun) {
        return 0;
      }
      steps.checkDisk(needs);
      steps.prepare(models, finder, !skip.verification(), overwrite);
    }
    steps.measure(plans, !skip.analysis(), !skip.visualization());
    return 0;
  }

  private void checkOptions() {
    if (skip.analysis() && (dryRun || run.fresh())) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "--skip-analysis measures nothing, so %s has nothing to do; leave one of the two out"
              .formatted(dryRun ? "--dry-run" : "--fresh"));
    }
  }

  /** One plan that compares, or one for each model. */
  private List<RunPlan> plans(Family family) {
    if (family.isPair() && !skip.comparison()) {
      return List.of(plan.plan(family.name(), family.baseName(), family.instructName()));
    }
    return family.models().keySet().stream()
        .map(model -> plan.plan(family.name(), model, ""))
        .toList();
  }
}
