package org.rolescope.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.rolescope.export.ExportRequest;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.ModelName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    header = "Make a model of a checkpoint.",
    description = {
      "A model is a chain of ONNX stages whose attention patterns are graph outputs.",
      "Weights are not copied; the checkpoint must stay where it is.",
      "A GGUF file is first made into a checkpoint folder beside it, in full precision.",
      "A model on the Hugging Face hub is fetched into the cache that Python's",
      "tools use too; an interrupted download goes on when it is run again.",
      "HF_TOKEN, HF_HOME and HF_ENDPOINT are read as those tools read them."
    })
public final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "CHECKPOINT",
      description =
          "Folder with config.json, model.safetensors and tokenizer.json, a GGUF file, "
              + "or the id of a model on the hub: ORG/NAME.")
  private String checkpoint;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the model (default: the name of the folder, or NAME of ORG/NAME).")
  private String name;

  @Option(
      names = "--layers-per-stage",
      paramLabel = "N",
      defaultValue = "1",
      description = "Transformer blocks in each ONNX graph (default: ${DEFAULT-VALUE}).")
  private int layersPerStage;

  @Option(names = "--overwrite", description = "Replace a model of that name.")
  private boolean overwrite;

  @Mixin private HubOptions hub;

  @Mixin private DataOptions data;

  /** Picocli creates commands. */
  public ExportCommand() {}

  @Override
  public Integer call() {
    CheckpointSource source = CheckpointSource.of(checkpoint);
    hub.check(source);
    String modelName = name == null ? source.name() : name;
    if (!ModelName.isValid(modelName)) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "\"%s\" cannot be a model's name; give one of letters, digits, . _ - with --name"
              .formatted(modelName));
    }
    Path folder = hub.folder(source, spec.commandLine().getOut(), spec.commandLine().getErr());
    Path snapshot = new GgufStep(spec.commandLine().getOut()).checkpoint(folder);
    new ExportStep(spec.commandLine().getOut())
        .export(new ExportRequest(snapshot, data.model(modelName), layersPerStage, overwrite));
    return 0;
  }
}
