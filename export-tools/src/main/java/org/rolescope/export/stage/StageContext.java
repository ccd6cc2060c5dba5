package org.rolescope.export.stage;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rolescope.export.architecture.Decoder;
import org.rolescope.export.checkpoint.WeightShard;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.transformer.GraphWeights;
import org.rolescope.tensors.bundle.StageWeight;
import org.rolescope.tensors.bundle.WeightFile;

/**
 * What every stage of a bundle is built from.
 *
 * @param model the model
 * @param catalog where its tensors lie
 * @param weightFiles the weight files as the manifest lists them
 * @param version version of Rolescope, named in the graphs
 */
public record StageContext(
    Decoder model, WeightCatalog catalog, List<WeightFile> weightFiles, String version) {
  /** Folder of the stages and of the links to the weights, relative to the bundle. */
  public static final String FOLDER = "stages";

  /** Copies the list of weight files. */
  public StageContext {
    requireNonNull(model, "model is null");
    requireNonNull(catalog, "catalog is null");
    weightFiles = List.copyOf(weightFiles);
    requireNonNull(version, "version is null");
  }

  /** The same as if every weight file were linked into the folder of the stages. */
  public StageContext withLinks(List<WeightShard> shards) {
    List<WeightFile> linked = new ArrayList<>();
    for (int file = 0; file < weightFiles.size(); file++) {
      WeightFile found = weightFiles.get(file);
      String link = FOLDER + "/" + shards.get(file).name();
      linked.add(new WeightFile(link, found.source(), found.sizeBytes(), found.fingerprint()));
    }
    return new StageContext(model, catalog, linked, version);
  }

  /** The weights of a stage with this file name, none added yet. */
  GraphWeights weights(GraphBuilder graph, String fileName) {
    return new GraphWeights(graph, catalog::weight, weight -> location(weight, fileName));
  }

  /**
   * Where the graph says that a weight lies: the link beside it. Where there is none, the graph
   * itself, because ONNX Runtime demands a file that exists even if the weight is injected.
   */
  private String location(StageWeight weight, String fileName) {
    String link = weightFiles.get(weight.file()).file();
    return link == null ? fileName : Path.of(link).getFileName().toString();
  }
}
