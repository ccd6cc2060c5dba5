package org.rolescope.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.rolescope.cli.output.PromptSetReport;
import org.rolescope.cli.services.Connection;
import org.rolescope.orchestrator.client.InferenceClient;
import org.rolescope.orchestrator.plan.Lengths;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.plan.PromptSetCheck;
import org.rolescope.v1.TokenizedPrompt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope prompts check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    header = "Check a prompt set before it is measured with.",
    description = {
      "Sizes, repetitions, pairing and lengths; with --model also lengths in its tokens.",
      "Doubts are printed as sentences and leave the exit code 0."
    })
public final class PromptsCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SET",
      description = "A built-in prompt set, or a JSON, YAML or CSV file.")
  private String prompts;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Also count the tokens of this model; may be given several times.")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--inference",
      paramLabel = "HOST:PORT",
      description = "Ask this inference service (default: the models below --data).")
  private String inference;

  @Mixin private PromptOptions promptOptions;
  @Mixin private RoleNameOptions roles;
  @Mixin private DataOptions data;

  /** Picocli creates commands. */
  public PromptsCheckCommand() {}

  @Override
  public Integer call() {
    PromptSet set = PlanOptions.chosenSet(prompts);
    PromptSetCheck check = new PromptSetCheck(set, roles.names());
    List<Lengths> lengths = new ArrayList<>();
    lengths.add(Lengths.inWords(set));
    lengths.add(Lengths.inCharacters(set));
    if (!models.isEmpty()) {
      lengths.addAll(inTokens(set));
    }
    new PromptSetReport(spec.commandLine().getOut()).print(check, lengths);
    return 0;
  }

  private List<Lengths> inTokens(PromptSet set) {
    try (Connection connection = Connection.open(inference, data.folder())) {
      InferenceClient client = new InferenceClient(connection.channel(), connection.address());
      return models.stream()
          .map(
              model ->
                  new Lengths(
                      "tokens of " + model,
                      set,
                      client.tokenize(model, set.texts(), promptOptions.options()).stream()
                          .map(TokenizedPrompt::getTokenIdsCount)
                          .toList()))
          .toList();
    }
  }
}
