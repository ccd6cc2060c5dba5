package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.rolescope.cli.output.Tables;
import org.rolescope.export.ExportedBundle;
import org.rolescope.export.InstrumentRequest;
import org.rolescope.export.Instrumenter;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.ModelName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rolescope instrument}. */
@Command(
    name = "instrument",
    mixinStandardHelpOptions = true,
    header = "Make a model of an ONNX file.",
    description = {
      "For models exported elsewhere, encoders among them: attention must be there as",
      "Softmax nodes. The graph stays as it is; its attention patterns become outputs.",
      "It is run twice on made-up tokens to see whether attention looks ahead."
    })
public final class InstrumentCommand implements Callable<Integer> {
  private static final String TOKENIZER_FILE = "tokenizer.json";
  private static final String CONFIGURATION_FILE = "config.json";
  private static final String SUFFIX = ".onnx";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL.ONNX", description = "The model, weights inside.")
  private Path model;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "Its tokenizer.json (default: the one beside the model).")
  private Path tokenizer;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Its config.json, for sizes the graph does not tell (default: the one "
              + "beside the model, if there is one).")
  private Path config;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the model (default: the file's name).")
  private String name;

  @Option(names = "--overwrite", description = "Replace a model of that name.")
  private boolean overwrite;

  @Mixin private DataOptions data;

  /** Picocli creates commands. */
  public InstrumentCommand() {}

  @Override
  public Integer call() {
    String modelName = name == null ? nameOf(model) : name;
    if (!ModelName.isValid(modelName)) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "\"%s\" cannot be a model's name; give one of letters, digits, . _ - with --name"
              .formatted(modelName));
    }
    InstrumentRequest request =
        new InstrumentRequest(
            model, tokenizer(), configuration(), data.model(modelName), overwrite);
    print(instrument(request));
    return 0;
  }

  private ExportedBundle instrument(InstrumentRequest request) {
    try {
      return new Instrumenter(new ProbingRunner()).instrument(request);
    } catch (RolescopeException fault) {
      if (fault.code() != FaultCode.CONFLICT || overwrite) {
        throw fault;
      }
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "%s holds something else; choose another --name or replace it with --overwrite"
              .formatted(request.bundle()),
          fault);
    }
  }

  private void print(ExportedBundle bundle) {
    ModelDimensions sizes = bundle.manifest().dimensions();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s %s: %s, %d layers, %d heads, %s parameters, %s attention%n",
        bundle.written() ? "Instrumented" : "Already there:",
        bundle.folder().getFileName(),
        sizes.architecture(),
        sizes.layerCount(),
        sizes.headCount(),
        Tables.grouped(sizes.parameterCount()),
        bundle.manifest().attention().name().toLowerCase(Locale.ROOT));
    out.flush();
  }

  private Path tokenizer() {
    Path file = tokenizer == null ? beside(TOKENIZER_FILE) : tokenizer;
    if (!Files.isRegularFile(file)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "There is no file %s; give the model's tokenizer.json with --tokenizer".formatted(file));
    }
    return file;
  }

  private Optional<Path> configuration() {
    if (config != null) {
      return Optional.of(config);
    }
    return Optional.of(beside(CONFIGURATION_FILE)).filter(Files::isRegularFile);
  }

  private Path beside(String file) {
    return model.toAbsolutePath().resolveSibling(file);
  }

  private static String nameOf(Path model) {
    String file = String.valueOf(model.toAbsolutePath().normalize().getFileName());
    return file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
  }
}
