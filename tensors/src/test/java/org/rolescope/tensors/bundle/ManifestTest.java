package org.rolescope.tensors.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.json.ManifestJson;

final class ManifestTest {
  @TempDir Path bundle;

  @Test
  void aManifestComesBackFromItsText() throws IOException {
    BundleManifest manifest = manifest();
    write(ManifestJson.write(manifest));
    assertThat(ManifestJson.read(bundle)).isEqualTo(manifest);
  }

  @Test
  void aWholeModelInOneGraphIsABundle() throws IOException {
    BundleManifest model = wholeModel(1);
    write(ManifestJson.write(model));
    BundleManifest read = ManifestJson.read(bundle);
    assertThat(read).isEqualTo(model);
    assertThat(read.holdsWholeModel()).isTrue();
    assertThat(read.attention()).isEqualTo(AttentionKind.BIDIRECTIONAL);
    assertThat(manifest().holdsWholeModel()).isFalse();
  }

  @Test
  void aWholeModelHoldsAllLayers() throws IOException {
    String whole = ManifestJson.write(wholeModel(1));
    write(whole.replace("\"lastLayer\" : 1", "\"lastLayer\" : 0"));
    assertFault(FaultCode.MALFORMED_MODEL, "holds layers 0 to 0 but the model has 2");
    write(whole.replace("\"MODEL\"", "\"BLOCKS\""));
    assertFault(FaultCode.MALFORMED_MODEL, "stages must run from EMBED over BLOCKS to UNEMBED");
  }

  @Test
  void aFolderWithoutManifestIsNoBundle() {
    assertFault(FaultCode.NOT_FOUND, "is no model bundle");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"formatVersion\" : 1 | \"formatVersion\" : 9 | format version 9 is not 1",
        "\"layerCount\" : 2 | \"layerCount\" : 3 | the stages hold 2 layers but the model has 3",
        "\"headCount\" : 4 | \"headCount\" : 3 | 2 key/value heads do not divide 3 heads",
        "\"headSize\" : 4 | \"headSize\" : 6 | 2 rotary frequencies do not fit heads of size 6",
        "stages/block_0.onnx | ../block_0.onnx | leads out of the bundle",
        "stages/block_0.onnx | /etc/passwd | leads out of the bundle",
        "tokenizer.json | a/../../x | leads out of the bundle",
        "\"file\" : 0 | \"file\" : 4 | is in file 4 but there are 1 weight files",
        "\"sizeBytes\" : 64 | \"sizeBytes\" : 65 | says 65 bytes at 8 but its shape [4, 8] needs"
            + " 64",
        "\"layer\" : 1 | \"layer\" : 2 | has values of layer 2 but holds layers 0 to 1",
        "\"projection\" : \"o\" | \"projection\" : \"p\" | stages/block_0.onnx has no weight p",
        "OUT_IN | IN_OUT | output projection o has shape [12, 16], as IN_OUT it should have [16,"
            + " 12]",
        "\"offsetBytes\" : 8 | \"offsetBytes\" : -8 | says 64 bytes at -8",
        "\"tokenizerFile\" | \"tokeniserFile\" | tokenizerFile is missing",
        "\"digest\" : | \"digest\" | was expecting a colon",
      })
  void aDamagedManifestSaysWhatIsWrong(String text, String damaged, String reason)
      throws IOException {
    String whole = ManifestJson.write(manifest());
    assertThat(whole).contains(text);
    write(whole.replace(text, damaged));
    assertFault(FaultCode.MALFORMED_MODEL, reason);
  }

  @Test
  void bundlesOfBeforeHaveNoValues() throws IOException {
    BundleManifest manifest = manifest();
    assertThat(manifest.offersValueNorms()).isTrue();
    ObjectMapper json = new ObjectMapper();
    JsonNode before = json.readTree(ManifestJson.write(manifest));
    before.get("stages").forEach(stage -> ((ObjectNode) stage).remove("values"));
    write(json.writeValueAsString(before));
    assertThat(ManifestJson.read(bundle).offersValueNorms()).isFalse();
    assertThat(ManifestJson.read(bundle).stages().get(1).values()).isEmpty();
  }

  @Test
  void valuesOfSomeLayersAreNotEnough() {
    BundleManifest whole = manifest();
    assertThat(manifest(whole.stages().get(1).values().subList(0, 1)).offersValueNorms()).isFalse();
  }

  @Test
  void aPromptBeyondTheOriginalContextTurnsSlower() {
    RotaryEmbedding rotary =
        new RotaryEmbedding(
            List.of(1.0, 0.01), 1.0, new RotaryEmbedding.DynamicScaling(10_000, 2, 32));
    assertThat(rotary.inverseFrequencies(32)).containsExactly(1.0, 0.01);
    // base = 10000 (2 · 64 / 32 − 1) ^ (4 / 2) = 90000; 90000 ^ (−2 / 4) = 1 / 300.
    assertThat(rotary.inverseFrequencies(64).get(1))
        .isCloseTo(1.0 / 300, org.assertj.core.data.Offset.offset(1e-15));
  }

  private void assertFault(FaultCode code, String reason) {
    assertThatThrownBy(() -> ManifestJson.read(bundle))
        .isInstanceOfSatisfying(
            RolescopeException.class, fault -> assertThat(fault.code()).isEqualTo(code))
        .hasMessageContaining(reason);
  }

  private void write(String text) throws IOException {
    Files.writeString(bundle.resolve(BundleManifest.FILE_NAME), text);
  }

  private static BundleManifest manifest() {
    return manifest(
        List.of(
            new StageValues(0, "blocks.0.v", "o", StageValues.Layout.OUT_IN),
            new StageValues(1, "blocks.1.v", "o", StageValues.Layout.OUT_IN)));
  }

  /** Without what a graph does not tell: width of the MLP and of a head. */
  private static BundleManifest wholeModel(int lastLayer) {
    return new BundleManifest(
        BundleManifest.FORMAT_VERSION,
        "test",
        "abc",
        new ModelDimensions("onnx", 2, 4, 4, 0, 13, 0, 100, 64, 1000),
        null,
        0,
        List.of(
            new Stage(
                "stages/model.onnx",
                Stage.Kind.MODEL,
                0,
                lastLayer,
                List.of(new StageTap("pattern", 0, "a"), new StageTap("pattern", 1, "b")),
                List.of())),
        List.of(),
        "tokenizer.json",
        AttentionKind.BIDIRECTIONAL,
        List.of(),
        null);
  }

  private static BundleManifest manifest(List<StageValues> values) {
    StageWeight weight = new StageWeight("w", 0, DType.BF16, List.of(4L, 8L), 8, 64);
    StageWeight projection = new StageWeight("o", 0, DType.BF16, List.of(12L, 16L), 72, 384);
    return new BundleManifest(
        BundleManifest.FORMAT_VERSION,
        "test",
        "abc",
        new ModelDimensions("llama", 2, 4, 2, 4, 12, 32, 100, 64, 1000),
        new RotaryEmbedding(
            List.of(1.0, 0.01), 1.0, new RotaryEmbedding.DynamicScaling(10_000, 2, 32)),
        7,
        List.of(
            new Stage("stages/embed.onnx", Stage.Kind.EMBED, 0, 0, List.of(), List.of(weight)),
            new Stage(
                "stages/block_0.onnx",
                Stage.Kind.BLOCKS,
                0,
                1,
                List.of(new StageTap("pattern", 0, "blocks.0.pattern")),
                List.of(projection),
                values),
            new Stage("stages/unembed.onnx", Stage.Kind.UNEMBED, 0, 0, List.of(), List.of())),
        List.of(new WeightFile("stages/model.safetensors", "/x/model.safetensors", 72, "def")),
        "tokenizer.json",
        AttentionKind.CAUSAL,
        List.of(),
        new ParityCertificate(
            ParityCertificate.Verdict.DEGRADED,
            "test",
            "onnxruntime test",
            "cuda",
            "float16",
            3,
            List.of(new ParityCertificate.TapParity("pattern", 1, 2e-5, 1e-5)),
            "pattern of layer 1"));
  }
}
