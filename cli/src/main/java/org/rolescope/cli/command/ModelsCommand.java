package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.rolescope.cli.output.ModelTable;
import org.rolescope.cli.services.Connection;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.ListModelsRequest;
import org.rolescope.v1.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rolescope models}. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    header = "List the models that can be measured.")
public final class ModelsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DataOptions data;

  @Option(
      names = "--inference",
      paramLabel = "HOST:PORT",
      description = "Ask this inference service (default: the models below --data).")
  private String inference;

  /** Picocli creates commands. */
  public ModelsCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Connection connection = Connection.open(inference, data.folder())) {
      List<Model> models =
          connection
              .call(
                  "inference service",
                  () ->
                      InferenceServiceGrpc.newBlockingStub(connection.channel())
                          .listModels(ListModelsRequest.getDefaultInstance()))
              .getModelsList();
      new ModelTable(out).print(models);
    }
    return 0;
  }
}
