package org.rolescope.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.export.WeightLinker;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.FileTree;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;
import org.rolescope.tensors.TensorView;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelRuntime;
import org.rolescope.tensors.bundle.ParityCertificate;
import org.rolescope.tensors.bundle.ParityCertificate.TapParity;
import org.rolescope.tensors.bundle.ParityCertificate.Verdict;
import org.rolescope.tensors.bundle.json.ManifestJson;

/** A verification of a real bundle whose tensors are made up. */
class VerificationTest {
  private static final int LAYERS = 6;
  private static final List<List<Long>> PROMPTS =
      List.of(List.of(0L, 5L, 9L), List.of(0L, 7L, 8L), List.of(0L));

  @TempDir Path folder;
  private Path bundle;
  private BundleManifest manifest;

  @BeforeEach
  void export() {
    bundle = folder.resolve("bundle");
    ExportRequest request = ExportRequest.of(DemoModels.snapshot("base"), bundle);
    manifest = new Exporter().export(request).manifest();
  }

  @Test
  void aFaithfulBundleIsSupported() {
    assertEquals(Verdict.SUPPORTED, certificate(bundle, 0).verdict());
  }

  @Test
  void theCheckpointIsFoundWhereNothingCouldBeLinked() {
    WeightLinker none =
        (link, existing) -> {
          throw new UnsupportedOperationException();
        };
    Path other = folder.resolve("other");
    manifest =
        new Exporter(none).export(ExportRequest.of(DemoModels.snapshot("base"), other)).manifest();
    assertNull(manifest.weightFiles().getFirst().file());
    assertEquals(Verdict.SUPPORTED, certificate(other, 0).verdict());
  }

  @Test
  void theStageThatDiffersFirstIsNamed() {
    ParityCertificate certificate = certificate(bundle, 5e-4f);
    assertEquals(Verdict.DEGRADED, certificate.verdict());
    String stage = manifest.stages().get(1).file();
    assertTrue(
        certificate.firstDifference().startsWith("value_norm of layer 0 (stage "),
        certificate.firstDifference());
    assertTrue(certificate.firstDifference().contains(" or " + stage + ")"));
  }

  @Test
  void theCertificateGoesIntoTheManifestAndNothingElseChanges() throws IOException {
    ParityCertificate certificate =
        new ParityCertificate(
            Verdict.WRONG,
            "1.2.3",
            "fake 1.0",
            "cpu",
            "float32",
            3,
            List.of(
                new TapParity("pattern", 0, 1.5e-7, 1e-5),
                new TapParity("z", 0, Double.NaN, 1e-4),
                new TapParity("logits", 0, Double.POSITIVE_INFINITY, 1e-4)),
            "z of layer 0: holds values that are not finite");
    CertificateFile.write(bundle, manifest.digest(), certificate);
    BundleManifest written = ManifestJson.read(bundle);
    assertEquals(certificate, written.certificate());
    assertEquals(manifest, written.withCertificate(null));
    assertFalse(FileTree.files(bundle).keySet().stream().anyMatch(name -> name.endsWith(".part")));
    assertFalse(
        new Exporter().export(ExportRequest.of(DemoModels.snapshot("base"), bundle)).written());
    assertEquals(certificate, ManifestJson.read(bundle).certificate());
  }

  @Test
  void aBundleThatChangedMeanwhileIsLeftAlone() throws IOException {
    String before = Files.readString(bundle.resolve(BundleManifest.FILE_NAME));
    ParityCertificate certificate = certificate(bundle, 0);
    assertFault(
        FaultCode.CONFLICT,
        "changed while it was verified",
        () -> CertificateFile.write(bundle, "0".repeat(64), certificate));
    assertFault(
        FaultCode.CONFLICT,
        "changed while it was verified",
        () -> Verification.begin(bundle, "0".repeat(64), PROMPTS));
    assertEquals(before, Files.readString(bundle.resolve(BundleManifest.FILE_NAME)));
  }

  @Test
  void aCheckpointThatIsGoneOrAnotherIsNamed() throws IOException {
    Path weights = bundle.resolve(manifest.weightFiles().getFirst().file());
    byte[] content = Files.readAllBytes(weights);
    Files.delete(weights);
    assertFault(FaultCode.NOT_FOUND, weights + " are gone", this::begin);
    Files.write(weights, Arrays.copyOf(content, content.length - 2));
    assertFault(FaultCode.MALFORMED_MODEL, "when they were exported", this::begin);
  }

  @Test
  void aConfigurationOfOtherSizesIsNamed() throws IOException {
    Path config = bundle.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replace("\"num_hidden_layers\": 6", "\"num_hidden_layers\": 5"));
    assertFault(FaultCode.MALFORMED_MODEL, "has 6 layers but its config.json says 5", this::begin);
    Files.writeString(config, text.replace("\"vocab_size\": 1600", "\"vocab_size\": 1601"));
    assertFault(FaultCode.MALFORMED_MODEL, "model.embed_tokens.weight", this::begin);
    Files.writeString(
        config, text.replace("\"rope_scaling\": null", "\"rope_scaling\": {\"type\": \"spiral\"}"));
    assertFault(FaultCode.MALFORMED_MODEL, "spiral", this::begin);
  }

  @Test
  void anIdBeyondTheVocabularyIsNamed() {
    assertFault(
        FaultCode.MALFORMED_MODEL,
        "gives id 1600",
        () -> Verification.begin(bundle, manifest.digest(), List.of(List.of(1600L))));
  }

  private Verification begin() {
    return Verification.begin(bundle, manifest.digest(), PROMPTS);
  }

  /** Gives a verification what it expects, in float32, with so much added to each first value. */
  private ParityCertificate certificate(Path where, float added) {
    Verification verification = Verification.begin(where, manifest.digest(), PROMPTS);
    ReferencePass pass = new ReferencePass(BundledCheckpoint.open(where, manifest), PROMPTS);
    List<List<Integer>> batches = List.of(List.of(2), List.of(1, 0));
    for (int layer = 0; layer < LAYERS; layer++) {
      for (List<Integer> batch : batches) {
        int at = layer;
        verification.take(
            view(batch.stream().map(p -> pass.valueNorm(at, p)).toList(), batch, added));
        verification.take(
            view(batch.stream().map(p -> pass.pattern(at, p)).toList(), batch, added));
        verification.take(view(batch.stream().map(p -> pass.z(at, p)).toList(), batch, added));
        verification.take(
            view(batch.stream().map(p -> pass.residPost(at, p)).toList(), batch, added));
      }
      assertEquals(layer, verification.layer());
    }
    for (List<Integer> batch : batches) {
      verification.take(view(batch.stream().map(pass::logits).toList(), batch, added));
    }
    return verification.certificate("1.2.3", ModelRuntime.ofCpu("fake 1.0"));
  }

  private static TensorView view(List<ReferenceTensor> tensors, List<Integer> batch, float added) {
    ReferenceTensor first = tensors.getFirst();
    List<Axis> axes = new ArrayList<>(List.of(new Axis(Axis.BATCH, batch.size())));
    axes.addAll(first.shape().axes());
    Shape shape = new Shape(axes);
    ByteBuffer bytes =
        ByteBuffer.allocate((int) shape.elementCount() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (ReferenceTensor tensor : tensors) {
      for (int index = 0; index < tensor.values().remaining(); index++) {
        bytes.putFloat((float) tensor.values().get(index) + (index == 0 ? added : 0));
      }
    }
    boolean hasLayer = !first.tap().equals("logits");
    return new TensorView(
        first.tap(),
        hasLayer ? OptionalInt.of(first.layer()) : OptionalInt.empty(),
        shape,
        batch,
        bytes.flip());
  }

  private static void assertFault(FaultCode code, String words, Executable action) {
    RolescopeException fault = assertThrows(RolescopeException.class, action);
    assertEquals(code, fault.code(), fault.getMessage());
    assertTrue(fault.getMessage().contains(words), fault.getMessage());
  }
}
