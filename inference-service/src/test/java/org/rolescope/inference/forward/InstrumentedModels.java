package org.rolescope.inference.forward;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.rolescope.export.ExportedBundle;
import org.rolescope.export.InstrumentRequest;
import org.rolescope.export.Instrumenter;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.TensorView;

/** Graphs exported elsewhere, made bundles in a folder and run. */
final class InstrumentedModels {
  static final PassLimits ROOMY = new PassLimits(64, 1L << 28);

  /** Less than the patterns of one layer: every layer is a part of its own. */
  static final PassLimits NARROW = new PassLimits(1, 1200);

  private final Path folder;

  /** Bundles are made in the folder. */
  InstrumentedModels(Path folder) {
    this.folder = folder;
  }

  /** Where the graph of a model is, its tokenizer, its configuration and what is expected of it. */
  static Path source(String model) {
    return Path.of("src/test/resources/instrument").resolve(model);
  }

  /** The bundle of a model, with or without its configuration. */
  ExportedBundle instrument(String model, boolean configured) {
    return instrument(
        source(model).resolve("model.onnx"), model, configured, folder.resolve(model + configured));
  }

  /** The bundle of a graph that has the tokenizer and the configuration of a model. */
  ExportedBundle instrument(Path graph, String model, boolean configured, Path bundle) {
    return new Instrumenter(new ProbeRunner())
        .instrument(
            new InstrumentRequest(
                graph,
                source(model).resolve("tokenizer.json"),
                Optional.of(source(model).resolve("config.json")).filter(_ -> configured),
                bundle,
                false));
  }

  /** All tensors of a pass, in the order in which they come. */
  static List<TensorView> run(
      ExportedBundle bundle,
      List<TokenizedPrompt> prompts,
      CaptureSelection selection,
      PassLimits limits) {
    List<TensorView> tensors = new ArrayList<>();
    try (ModelResidency residency = new ModelResidency(1L << 30)) {
      new ForwardPass(residency, bundle.folder(), bundle.manifest())
          .run(prompts, selection, limits, tensors::add, () -> false);
    }
    return tensors;
  }

  /** A prompt of these tokens. */
  static TokenizedPrompt prompt(long... ids) {
    return new TokenizedPrompt(
        LongStream.of(ids).boxed().toList(), LongStream.of(ids).mapToObj(id -> "t" + id).toList());
  }
}
