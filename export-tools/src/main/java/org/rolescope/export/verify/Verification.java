package org.rolescope.export.verify;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelRuntime;
import org.rolescope.tensors.bundle.ParityCertificate;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.json.ManifestJson;

/**
 * Verifies one bundle: takes the tensors the bundle gives, in order of layer, computes what they
 * should be from the checkpoint, and compares. Needs nothing but the bundle. Not thread-safe.
 */
public final class Verification {
  private final BundleManifest manifest;
  private final ReferencePass pass;
  private final ParityCheck check;

  private Verification(BundleManifest manifest, ReferencePass pass, int promptCount) {
    this.manifest = manifest;
    this.pass = pass;
    check =
        new ParityCheck(
            layerTaps(manifest), manifest.dimensions().layerCount(), promptCount, this::stageOf);
  }

  /**
   * Begins a verification.
   *
   * @param bundle folder of the bundle
   * @param digest digest of the bundle whose tensors will come
   * @param promptTokenIds token ids of each prompt, as the bundle's tokenizer gave them
   * @throws RolescopeException NOT_FOUND where the checkpoint is gone, MALFORMED_MODEL where it is
   *     damaged or of an architecture that is not known here, CONFLICT where the folder holds
   *     another bundle, INVALID_ARGUMENT where the bundle was instrumented and so has no checkpoint
   */
  public static Verification begin(Path bundle, String digest, List<List<Long>> promptTokenIds) {
    BundleManifest manifest = ManifestJson.read(requireNonNull(bundle, "bundle is null"));
    CertificateFile.confirm(bundle, manifest, digest);
    if (manifest.holdsWholeModel()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The model %s was instrumented from an ONNX graph; there is no checkpoint to compare it with, and what it gives is what that graph gives, so it stays unverified. To verify, export its checkpoint with `rolescope export`"
              .formatted(bundle.getFileName()));
    }
    ReferenceModel model = BundledCheckpoint.open(bundle, manifest);
    if (model.sizes().layers() != manifest.dimensions().layerCount()) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "The bundle %s has %d layers but its config.json says %d; export the model again"
              .formatted(bundle, manifest.dimensions().layerCount(), model.sizes().layers()));
    }
    return new Verification(
        manifest, new ReferencePass(model, promptTokenIds), promptTokenIds.size());
  }

  /** The taps that every layer of a bundle has to give, in the order they run. */
  public static List<String> layerTaps(BundleManifest manifest) {
    return manifest.offersValueNorms()
        ? List.of("value_norm", "pattern", "z", "resid_post")
        : List.of("pattern", "z", "resid_post");
  }

  /** Number of layers of the model. */
  public int layerCount() {
    return manifest.dimensions().layerCount();
  }

  /** The layer the tensors have come to; -1 before the first. */
  public int layer() {
    return pass.layer();
  }

  /**
   * Compares a tensor of the bundle.
   *
   * @param tensor a tap of some of the prompts, batch axis first; layers in order, logits last
   */
  public void take(TensorView tensor) {
    List<Axis> axes = tensor.shape().axes();
    Shape shape = new Shape(axes.subList(Math.min(1, axes.size()), axes.size()));
    for (int index = 0; index < tensor.promptIndices().size(); index++) {
      ReferenceTensor expected = expected(tensor, tensor.promptIndices().get(index));
      check.compare(expected, shape, tensor.floatsOf(index));
    }
  }

  private ReferenceTensor expected(TensorView tensor, int prompt) {
    int layer = tensor.layer().orElse(0);
    return switch (tensor.name()) {
      case "value_norm" -> pass.valueNorm(layer, prompt);
      case "pattern" -> pass.pattern(layer, prompt);
      case "z" -> pass.z(layer, prompt);
      case "resid_post" -> pass.residPost(layer, prompt);
      case "logits" -> pass.logits(prompt);
      default -> throw new IllegalArgumentException("there is no tap " + tensor.name());
    };
  }

  /**
   * What was found.
   *
   * @param rolescopeVersion version that verifies
   * @param runtime what ran the bundle
   */
  public ParityCertificate certificate(String rolescopeVersion, ModelRuntime runtime) {
    return check.certificate(rolescopeVersion, runtime);
  }

  /** The stage files a layer depends on that no earlier layer does; layerCount: the logits. */
  private String stageOf(int layer) {
    List<String> files =
        manifest.stages().stream()
            .filter(stage -> isAt(stage, layer))
            .map(Stage::file)
            .distinct()
            .toList();
    return String.join(" or ", files);
  }

  private boolean isAt(Stage stage, int layer) {
    return switch (stage.kind()) {
      // What the embedding does first shows in the first layer.
      case EMBED -> layer == 0;
      case BLOCKS -> stage.firstLayer() <= layer && layer <= stage.lastLayer();
      case UNEMBED -> layer == layerCount();
      case MODEL -> true;
    };
  }
}
