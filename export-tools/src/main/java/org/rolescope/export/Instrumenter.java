package org.rolescope.export;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.export.checkpoint.TokenizerCheck;
import org.rolescope.export.file.FileFaults;
import org.rolescope.export.instrument.GraphRunner;
import org.rolescope.export.instrument.GraphSizes;
import org.rolescope.export.instrument.InstrumentableGraph;
import org.rolescope.export.instrument.OnnxGraph;
import org.rolescope.export.instrument.PatternProbe;
import org.rolescope.export.instrument.TappedGraph;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageTap;
import org.rolescope.tensors.bundle.json.ManifestJson;

/**
 * Makes a bundle of one stage of a model that somebody else exported to ONNX: the graph as it is,
 * with its attention patterns as further outputs. Made in a hidden folder beside its place and
 * renamed into it, so a failure leaves nothing behind. Equal files give equal bytes.
 */
public final class Instrumenter {
  private static final String STAGE_FILE = "stages/model.onnx";

  private final GraphRunner runner;

  /**
   * An instrumenter.
   *
   * @param runner runs the graph twice, to learn what cannot be read off
   */
  public Instrumenter(GraphRunner runner) {
    this.runner = requireNonNull(runner, "runner is null");
  }

  /**
   * Instruments a model. Where the same bundle is there already and complete, it stays as it is.
   *
   * @throws RolescopeException NOT_FOUND where a file is missing; MALFORMED_MODEL where one is
   *     damaged, the graph shows no attention patterns, or it cannot be fed or run; CONFLICT where
   *     something else is in the place of the bundle; INVALID_ARGUMENT where the bundle would
   *     replace the model; RESOURCE_EXHAUSTED where it cannot be written
   */
  public ExportedBundle instrument(InstrumentRequest request) {
    OnnxGraph graph = OnnxGraph.read(request.model());
    List<String> softmaxes = InstrumentableGraph.patterns(graph);
    GraphSizes sizes = new GraphSizes(graph, request.configuration().map(Configuration::read));
    TokenizerCheck.check(request.tokenizer(), sizes.vocabularySize());
    try {
      TargetFolder target =
          TargetFolder.of(request.bundle(), List.of(request.model(), request.tokenizer()));
      try (StagingFolder staging = StagingFolder.beside(request.bundle())) {
        Path stage = staging.folder().resolve(STAGE_FILE);
        Files.createDirectory(stage.getParent());
        TappedGraph.write(graph, softmaxes, stage);
        PatternProbe probe = probe(graph, stage, softmaxes, sizes.vocabularySize());
        if (!probe.patterns().equals(softmaxes)) {
          Files.delete(stage);
          TappedGraph.write(graph, probe.patterns(), stage);
        }
        return target.accept(
            staging.folder(), write(staging.folder(), request, sizes, probe), request.overwrite());
      }
    } catch (IOException failed) {
      throw FileFaults.unwritable(request.bundle(), failed);
    }
  }

  private PatternProbe probe(
      OnnxGraph graph, Path stage, List<String> softmaxes, int vocabularySize) {
    try (GraphRunner.Loaded loaded = runner.load(stage)) {
      return PatternProbe.run(graph, loaded, softmaxes, vocabularySize);
    }
  }

  private static BundleManifest write(
      Path folder, InstrumentRequest request, GraphSizes sizes, PatternProbe probe)
      throws IOException {
    ContentDigest digest = new ContentDigest();
    digest.add(STAGE_FILE, ContentDigest.sha256(folder.resolve(STAGE_FILE)));
    copy(request.tokenizer(), folder.resolve(Checkpoint.TOKENIZER_FILE), digest);
    Optional<Path> configuration = request.configuration();
    if (configuration.isPresent()) {
      copy(configuration.get(), folder.resolve(Checkpoint.CONFIGURATION_FILE), digest);
    }
    Stage stage =
        new Stage(
            STAGE_FILE,
            Stage.Kind.MODEL,
            0,
            probe.patterns().size() - 1,
            taps(probe, sizes.vocabularySize()),
            List.of());
    BundleManifest manifest =
        new BundleManifest(
            BundleManifest.FORMAT_VERSION,
            Version.current(),
            digest.sha256(),
            sizes.dimensions(probe),
            null,
            0,
            List.of(stage),
            List.of(),
            Checkpoint.TOKENIZER_FILE,
            probe.attention(),
            List.of(),
            null);
    Files.writeString(folder.resolve(BundleManifest.FILE_NAME), ManifestJson.write(manifest));
    return manifest;
  }

  private static List<StageTap> taps(PatternProbe probe, int vocabularySize) {
    List<StageTap> taps = new ArrayList<>();
    for (int layer = 0; layer < probe.patterns().size(); layer++) {
      taps.add(new StageTap("pattern", layer, probe.patterns().get(layer)));
    }
    if (probe.logits().filter(width -> width == vocabularySize).isPresent()) {
      taps.add(new StageTap("logits", 0, "logits"));
    }
    return taps;
  }

  private static void copy(Path file, Path target, ContentDigest digest) throws IOException {
    Files.copy(file, target);
    digest.add(target.getFileName().toString(), ContentDigest.sha256(target));
  }
}
