package org.rolescope.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.rolescope.cli.generation.GenerateCall;
import org.rolescope.cli.output.ParityNotice;
import org.rolescope.cli.services.Connection;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.FinishReason;
import org.rolescope.v1.GenerateRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope generate}. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    header = "Let a model answer, also with a head taken out.",
    description = {
      "Prints the answer as it comes: greedy, unless there is a temperature. Equal",
      "calls give equal answers. Base models continue the text; --chat-template asks",
      "a chat model as it was trained to be asked."
    },
    footer = {
      "",
      "For example: rolescope generate --model demo-instruct --chat-template",
      "\"Who created you?\", and again with --zero-out 3.1"
    })
public final class GenerateCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PROMPT", description = "The prompt; - reads it from standard input.")
  private String prompt;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      description = "Name of the model, as `rolescope models` lists it.")
  private String model;

  @Option(
      names = "--inference",
      paramLabel = "HOST:PORT",
      description = "Let this inference service do it (default: one in this process).")
  private String inference;

  @Mixin private GenerationOptions generation;
  @Mixin private PromptOptions prompts;
  @Mixin private DataOptions data;
  @Mixin private DeviceOptions device;

  /** Picocli creates commands. */
  public GenerateCommand() {}

  @Override
  public Integer call() {
    GenerateRequest request =
        generation.request(prompts.options()).setModel(model).setPrompt(text()).build();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (Connection connection =
        Connection.open(inference, data.folder(), device.settings(inference))) {
      GenerateCall.Answer answer =
          new GenerateCall(connection)
              .run(
                  request,
                  started -> new ParityNotice(err).print(started.getPrompt().getModel()),
                  piece -> {
                    out.print(piece);
                    out.flush();
                  });
      out.println();
      out.flush();
      if (answer.ended().getReason() == FinishReason.FINISH_REASON_LENGTH) {
        err.printf(
            "rolescope: ended after %d tokens; --max-tokens allows more, as far as the model's context of %d goes%n",
            answer.ended().getTokenCount(),
            answer.started().getPrompt().getModel().getContextLength());
        err.flush();
      }
    }
    return 0;
  }

  private String text() {
    if (!prompt.equals(STANDARD_INPUT)) {
      return prompt;
    }
    try {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException failed) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The prompt cannot be read from standard input (%s); give it as an argument"
              .formatted(failed.getMessage()),
          failed);
    }
  }
}
