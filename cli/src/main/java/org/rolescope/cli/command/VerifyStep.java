package org.rolescope.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.rolescope.cli.output.Progress;
import org.rolescope.cli.services.Connection;
import org.rolescope.export.verify.CertificateFile;
import org.rolescope.export.verify.Verification;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.runstore.RuntimeNames;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.ModelRuntime;
import org.rolescope.tensors.bundle.ParityCertificate;
import org.rolescope.tensors.wire.CaptureDecoder;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.GetModelRequest;
import org.rolescope.v1.InferenceServiceGrpc;
import org.rolescope.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import org.rolescope.v1.Tap;
import org.rolescope.v1.TokenizedPrompt;

/** Verifies a model: every tap, as the inference service gives it, against its checkpoint. */
final class VerifyStep {
  private static final long MAX_TENSOR_BYTES = 1L << 30;
  private static final Set<Tap> TAPS =
      EnumSet.of(
          Tap.TAP_VALUE_NORM, Tap.TAP_PATTERN, Tap.TAP_Z, Tap.TAP_RESID_POST, Tap.TAP_LOGITS);

  private final Connection connection;
  private final DataOptions data;

  /**
   * Verifies over this connection.
   *
   * @param connection leads to an inference service over the models of {@code data}
   */
  VerifyStep(Connection connection, DataOptions data) {
    this.connection = connection;
    this.data = data;
  }

  /** So many prompts of a set, taken from its categories in turn; all where there are fewer. */
  static List<String> spread(PromptSet set, int count) {
    List<String> chosen = new ArrayList<>();
    int longest =
        set.categories().stream().mapToInt(category -> category.prompts().size()).max().orElse(0);
    for (int round = 0; round < longest; round++) {
      for (PromptCategory category : set.categories()) {
        if (round < category.prompts().size() && chosen.size() < count) {
          chosen.add(category.prompts().get(round));
        }
      }
    }
    return chosen;
  }

  /** Verifies a model and writes what was found into its manifest. */
  ParityCertificate verify(String model, List<String> prompts, Progress progress) {
    return connection.call(
        "inference service",
        () -> {
          InferenceServiceBlockingStub service =
              InferenceServiceGrpc.newBlockingStub(connection.channel());
          CaptureRequest request =
              CaptureRequest.newBuilder()
                  .setModel(model)
                  .addAllPrompts(prompts)
                  .addAllTaps(offered(service, model))
                  .build();
          return compare(data.model(model), service.capture(request), progress);
        });
  }

  /** The taps that can be compared and that the model offers: not every bundle has value norms. */
  private static List<Tap> offered(InferenceServiceBlockingStub service, String model) {
    GetModelRequest request = GetModelRequest.newBuilder().setName(model).build();
    return service.getModel(request).getModel().getTapsList().stream()
        .filter(TAPS::contains)
        .toList();
  }

  private static ParityCertificate compare(
      Path bundle, Iterator<CaptureResponse> capture, Progress progress) {
    Comparison comparison = new Comparison(bundle, progress);
    CaptureDecoder decoder = new CaptureDecoder(MAX_TENSOR_BYTES, comparison);
    capture.forEachRemaining(decoder::accept);
    decoder.finish();
    return comparison.certificate();
  }

  private static String version() {
    String version = VerifyStep.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  /** Compares tensors as they come, and tells of every layer begun. */
  private static final class Comparison implements CaptureDecoder.Sink {
    private final Path bundle;
    private final Progress progress;
    private CaptureStarted started;
    private Verification verification;

    private Comparison(Path bundle, Progress progress) {
      this.bundle = bundle;
      this.progress = progress;
    }

    @Override
    public void started(CaptureStarted message) {
      started = message;
      verification =
          Verification.begin(
              bundle,
              message.getModel().getDigest(),
              message.getPromptsList().stream().map(TokenizedPrompt::getTokenIdsList).toList());
    }

    @Override
    public void tensor(TensorView tensor) {
      int layerBefore = verification.layer();
      verification.take(tensor);
      int layer = verification.layer();
      if (layer > layerBefore) {
        progress.update(layer + 1, verification.layerCount(), "layer " + layer);
      }
    }

    private ModelRuntime runtime() {
      return new ModelRuntime(
          started.getRuntime(),
          RuntimeNames.device(started.getModel()),
          RuntimeNames.computeType(started.getModel()));
    }

    private ParityCertificate certificate() {
      ParityCertificate certificate = verification.certificate(version(), runtime());
      CertificateFile.write(bundle, started.getModel().getDigest(), certificate);
      return certificate;
    }
  }
}
