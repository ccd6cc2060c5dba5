package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.rolescope.cli.generation.GenerateCall;
import org.rolescope.cli.generation.GeneratedAnswer;
import org.rolescope.cli.generation.GenerationResultsJson;
import org.rolescope.cli.output.AnswerTable;
import org.rolescope.cli.output.ParityNotice;
import org.rolescope.cli.output.Progress;
import org.rolescope.cli.services.Connection;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.PromptSetJson;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.v1.GenerateRequest;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.Model;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rolescope experiment}. */
@Command(
    name = "experiment",
    mixinStandardHelpOptions = true,
    header = "Let models answer the prompts of each category, side by side.",
    description = {
      "The basic experiment of the published study: the first prompts of each category",
      "of a set, answered by one model or by base and instruct. Prints a table, and",
      "writes generation_results.json for each model into latest_base and latest_run."
    },
    footer = {
      "",
      "With base and instruct, --chat-template is for the instruct model; the base model",
      "continues the prompt as it is."
    })
public final class ExperimentCommand implements Callable<Integer> {
  private static final String FILE = "generation_results.json";

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private ExperimentChoice choice;

  @Option(
      names = "--prompts",
      paramLabel = "SET",
      defaultValue = "default",
      description =
          "Prompt set: default, published (the study's, as it was), or a JSON, YAML or "
              + "CSV file (default: ${DEFAULT-VALUE}).")
  private String prompts;

  @Option(
      names = "--prompts-per-category",
      paramLabel = "N",
      defaultValue = "5",
      description = "Use only the first N prompts of each category (default: ${DEFAULT-VALUE}).")
  private int promptsPerCategory;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder to write to; files there are replaced "
              + "(default: results_NAME_generation in the folder of --data).")
  private Path outFolder;

  @Option(
      names = "--inference",
      paramLabel = "HOST:PORT",
      description = "Let this inference service do it (default: one in this process).")
  private String inference;

  @Mixin private GenerationOptions generation;
  @Mixin private PromptOptions promptOptions;
  @Mixin private DataOptions data;
  @Mixin private DeviceOptions device;

  /** Picocli creates commands. */
  public ExperimentCommand() {}

  @Override
  public Integer call() {
    if (promptsPerCategory < 1) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "--prompts-per-category is %d; give at least 1".formatted(promptsPerCategory));
    }
    PromptSet set = PlanOptions.chosenSet(prompts);
    Path folder =
        outFolder == null
            ? data.folder().resolve("results_" + choice.name() + "_generation")
            : outFolder.toAbsolutePath().normalize();
    PrintWriter out = spec.commandLine().getOut();
    Map<String, List<GeneratedAnswer>> byModel = new LinkedHashMap<>();
    try (Connection connection =
            Connection.open(inference, data.folder(), device.settings(inference));
        Progress progress = Progress.on(spec.commandLine().getErr(), "Answering")) {
      choice.models().values().forEach(model -> lookUp(connection, model));
      Answering answering = new Answering(new GenerateCall(connection), set, progress);
      choice
          .models()
          .forEach(
              (slot, model) -> {
                GenerateRequest request = request(slot, model);
                List<GeneratedAnswer> answers = answering.answers(request);
                write(folder.resolve(slot.folderName()).resolve(FILE), set, request, answers);
                byModel.put(model, answers);
              });
    }
    new AnswerTable(out).print(byModel);
    choice
        .models()
        .forEach((slot, _) -> out.println(folder.resolve(slot.folderName()).resolve(FILE)));
    out.flush();
    return 0;
  }

  /** Makes sure that every model is there before the first answers. */
  private void lookUp(Connection connection, String name) {
    GetModelRequest request = GetModelRequest.newBuilder().setName(name).build();
    Model model =
        connection
            .call(
                "inference service",
                () -> InferenceServiceGrpc.newBlockingStub(connection.channel()).getModel(request))
            .getModel();
    new ParityNotice(spec.commandLine().getErr()).print(model);
  }

  private GenerateRequest request(ModelSlot slot, String model) {
    org.rolescope.orchestrator.plan.PromptOptions options = promptOptions.options();
    boolean template = options.chatTemplate() && slot == ModelSlot.RUN;
    return generation
        .request(new org.rolescope.orchestrator.plan.PromptOptions(options.bos(), template))
        .setModel(model)
        .build();
  }

  private void write(
      Path file, PromptSet set, GenerateRequest request, List<GeneratedAnswer> answers) {
    AtomicFiles.write(
        file,
        stream ->
            GenerationResultsJson.write(
                stream,
                set.name(),
                PromptSetJson.digest(set),
                request,
                generation.ablations(),
                answers));
  }

  /** Has the chosen prompts answered, model by model. */
  private final class Answering {
    private final GenerateCall call;
    private final PromptSet set;
    private final Progress progress;
    private int done;

    private Answering(GenerateCall call, PromptSet set, Progress progress) {
      this.call = call;
      this.set = set;
      this.progress = progress;
    }

    private List<GeneratedAnswer> answers(GenerateRequest request) {
      List<GeneratedAnswer> answers = new ArrayList<>();
      for (PromptCategory category : set.categories()) {
        for (int index = 0; index < count(category); index++) {
          String prompt = category.prompts().get(index);
          GenerateCall.Answer answer =
              call.run(request.toBuilder().setPrompt(prompt).build(), _ -> {}, _ -> {});
          answers.add(new GeneratedAnswer(category.name(), index, prompt, answer));
          progress.update(++done, total(), request.getModel() + " " + category.name());
        }
      }
      return answers;
    }

    private int total() {
      return choice.models().size() * set.categories().stream().mapToInt(this::count).sum();
    }

    private int count(PromptCategory category) {
      return Math.min(promptsPerCategory, category.prompts().size());
    }
  }
}
