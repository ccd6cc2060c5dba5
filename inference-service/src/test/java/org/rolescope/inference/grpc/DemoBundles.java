package org.rolescope.inference.grpc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.Tap;

/** The demo pair as bundles, and requests to them. */
final class DemoBundles {
  /** Layers of either model. */
  static final int LAYERS = 6;

  private DemoBundles() {}

  /** Exports both models, and again in every other way the tests ask for. */
  static void export(Path models) {
    for (String variant : List.of("base", "instruct")) {
      export(models, variant, variant, 1);
    }
    export(models, "base", "base-three-layers-a-stage", 3);
    // Its own, for a model once loaded does not look at its files again.
    export(models, "instruct", "damaged", 1);
    // As on a file system that allows no link.
    export(models, new Exporter((_, _) -> refuse()), "instruct", "instruct-unlinked", 1);
  }

  /** A request for patterns. */
  static CaptureRequest.Builder request(String model, List<String> prompts) {
    return CaptureRequest.newBuilder()
        .setModel(model)
        .addAllPrompts(prompts)
        .addTaps(Tap.TAP_PATTERN);
  }

  private static void export(Path models, String variant, String name, int layersPerStage) {
    export(models, new Exporter(), variant, name, layersPerStage);
  }

  private static void export(
      Path models, Exporter exporter, String variant, String name, int layersPerStage) {
    exporter.export(
        new ExportRequest(
            Path.of("../examples/demo-models").resolve(variant),
            models.resolve(name),
            layersPerStage,
            false));
  }

  private static void refuse() throws IOException {
    throw new IOException("no links here");
  }
}
