package org.rolescope.export.stage;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.rolescope.export.architecture.Decoder;
import org.rolescope.export.architecture.TensorRequirement;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.checkpoint.WeightShard;
import org.rolescope.export.safetensors.SafetensorsFile;
import org.rolescope.export.safetensors.TensorInfo;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.StageWeight;

/** Where each tensor a model needs lies; holds only tensors that fit it. */
public final class WeightCatalog {
  private final Map<String, StageWeight> weights;
  private final Set<String> stored;

  private WeightCatalog(Map<String, StageWeight> weights) {
    this.weights = weights;
    this.stored =
        weights.values().stream().map(StageWeight::name).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Looks up every tensor the model needs.
   *
   * @throws RolescopeException MALFORMED_MODEL where a tensor is missing, or has another shape than
   *     the configuration says, or a type that cannot be computed with
   */
  public static WeightCatalog of(Decoder model, Checkpoint checkpoint) {
    Map<String, StageWeight> weights = new HashMap<>();
    for (TensorRequirement tensor : model.tensors()) {
      weights.put(tensor.name(), find(tensor, checkpoint));
    }
    return new WeightCatalog(weights);
  }

  /** The weight of a tensor the model needs. */
  public StageWeight weight(TensorRequirement tensor) {
    StageWeight weight = weights.get(tensor.name());
    if (weight == null) {
      throw new IllegalArgumentException("the model does not list " + tensor.name());
    }
    return weight;
  }

  /** Whether the model uses the stored tensor of this name. */
  public boolean uses(String name) {
    return stored.contains(name);
  }

  private static StageWeight find(TensorRequirement tensor, Checkpoint checkpoint) {
    List<WeightShard> files = checkpoint.weights();
    for (String name : tensor.names()) {
      for (int file = 0; file < files.size(); file++) {
        SafetensorsFile content = files.get(file).content();
        TensorInfo info = content.tensor(name).orElse(null);
        if (info != null) {
          return fitting(tensor, file, content.path(), info);
        }
      }
    }
    throw malformed(
        "The weights in %s have no tensor %s, which %s calls for with shape %s; download the checkpoint again"
            .formatted(
                checkpoint.folder(),
                String.join(" or ", tensor.names()),
                Checkpoint.CONFIGURATION_FILE,
                tensor.shape()));
  }

  private static StageWeight fitting(
      TensorRequirement tensor, int file, Path path, TensorInfo info) {
    if (!info.shape().equals(tensor.shape())) {
      throw malformed(
          "Tensor %s in %s has shape %s but %s calls for %s; the two do not belong together, download the checkpoint again"
              .formatted(
                  info.name(), path, info.shape(), Checkpoint.CONFIGURATION_FILE, tensor.shape()));
    }
    DType type =
        info.type()
            .dataType()
            .filter(found -> found != DType.I64)
            .orElseThrow(
                () ->
                    malformed(
                        "Tensor %s in %s has element type %s, which is not supported; give a checkpoint in F32, F16 or BF16"
                            .formatted(info.name(), path, info.type())));
    return new StageWeight(
        info.name(), file, type, info.shape(), info.offsetBytes(), info.sizeBytes());
  }

  private static RolescopeException malformed(String message) {
    return new RolescopeException(FaultCode.MALFORMED_MODEL, message);
  }
}
