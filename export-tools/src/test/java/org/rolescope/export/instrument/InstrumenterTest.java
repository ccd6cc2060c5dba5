package org.rolescope.export.instrument;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.ExportedBundle;
import org.rolescope.export.InstrumentRequest;
import org.rolescope.export.Instrumenter;
import org.rolescope.export.testing.FakeRunner;
import org.rolescope.export.testing.OnnxModels;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.AttentionKind;
import org.rolescope.tensors.bundle.StageTap;

/** Which graphs can be instrumented, what a graph becomes, and what is said of the others. */
final class InstrumenterTest {
  private static final String TOKENIZER =
      "{\"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0, \"b\": 9}}}";

  @TempDir Path folder;

  @BeforeEach
  void tokenizer() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
  }

  @Test
  void theGraphStaysAsItIsAndGetsThePatternsAsOutputs() throws IOException {
    OnnxModels model = new OnnxModels().layer("MatMul").layer("Dropout", "MatMul");
    ExportedBundle bundle = instrument(model, FakeRunner.of(2, 2));
    byte[] original = model.bytes();
    byte[] written = Files.readAllBytes(bundle.folder().resolve("stages/model.onnx"));
    assertArrayEquals(original, Arrays.copyOf(written, original.length));
    ModelProto read = ModelProto.parseFrom(written);
    assertEquals(model.graph().getNodeList(), read.getGraph().getNodeList());
    assertEquals(model.graph().getInitializerList(), read.getGraph().getInitializerList());
    assertEquals(
        List.of("last_hidden_state", "pattern0", "pattern1"),
        read.getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList());
    assertEquals(
        List.of(new StageTap("pattern", 0, "pattern0"), new StageTap("pattern", 1, "pattern1")),
        bundle.manifest().stages().getFirst().taps());
    assertEquals(AttentionKind.BIDIRECTIONAL, bundle.manifest().attention());
    assertEquals(10, bundle.manifest().dimensions().vocabularySize());
    assertEquals(20, bundle.manifest().dimensions().contextLength());
  }

  @Test
  void aQueryThatNeverSeesLaterKeysIsCausal() throws IOException {
    ExportedBundle bundle = instrument(new OnnxModels().layer("MatMul"), FakeRunner.of(2).causal());
    assertEquals(AttentionKind.CAUSAL, bundle.manifest().attention());
  }

  @Test
  void quantisedProductsAndWhereBehindTheSoftmaxAreFollowed() throws IOException {
    OnnxModels model =
        new OnnxModels()
            .layer("Where", "Cast", "MatMul")
            .layer("DynamicQuantizeLinear", "MatMulInteger");
    assertEquals(2, instrument(model, FakeRunner.of(2, 2)).manifest().dimensions().layerCount());
  }

  @Test
  void softmaxesThatAreNoAttentionAreLeftOut() throws IOException {
    OnnxModels model =
        new OnnxModels().layer("Relu").layer("MatMul").softmax("classes", 1, "MatMul");
    ExportedBundle bundle = instrument(model, FakeRunner.of(2));
    assertEquals(
        List.of(new StageTap("pattern", 0, "pattern1")),
        bundle.manifest().stages().getFirst().taps());
  }

  @Test
  void softmaxesOfOtherShapesAreLeftOut() throws IOException {
    OnnxModels model = new OnnxModels().layer("MatMul").layer("MatMul");
    ExportedBundle bundle = instrument(model, FakeRunner.of(2, 2).withoutHeads("pattern0"));
    assertEquals(1, bundle.manifest().dimensions().layerCount());
    ModelProto read =
        ModelProto.parseFrom(Files.readAllBytes(bundle.folder().resolve("stages/model.onnx")));
    assertEquals(2, read.getGraph().getOutputCount());
  }

  @Test
  void fusedAttentionIsNamedWithTheWayOut() {
    for (String operator : List.of("Attention", "MultiHeadAttention", "GroupQueryAttention")) {
      assertFault(
          new OnnxModels().node("com.microsoft", operator),
          "has fused attention (the operator " + operator + " of com.microsoft)",
          "optimum-cli export onnx --model ID FOLDER` without --optimize",
          "attn_implementation=\"eager\"");
    }
    assertFault(new OnnxModels().node("", "Attention"), "(the operator Attention of ai.onnx)");
    assertFault(new OnnxModels().node("", "If"), "inside branches (the operator If)");
    assertFault(new OnnxModels().layer("Relu"), "has no attention pattern");
  }

  @Test
  void layersOfUnequalHeadsAreRefused() {
    assertFault(
        new OnnxModels().layer("MatMul").layer("MatMul"),
        FakeRunner.of(2, 3),
        "different head counts, [2, 3]");
  }

  @Test
  void aFixedLengthInsideTheGraphIsRefused() {
    assertFault(
        new OnnxModels().layer("MatMul"),
        FakeRunner.of(2).withFixedLength(9),
        "has no attention pattern");
  }

  @Test
  void rowsThatAreNoDistributionAreRefused() {
    assertFault(
        new OnnxModels().layer("MatMul"),
        FakeRunner.of(2).scaled(0.5f),
        "sums to 0.5, not to 1, in pattern0");
  }

  @Test
  void inputsThatCannotBeFedAreRefused() {
    assertFault(new OnnxModels().layer("MatMul").input("pixel_values", 7), "input pixel_values");
    assertFault(
        new OnnxModels().layer("MatMul").input("attention_mask", 1), "attention_mask that is not");
    assertFault(
        new OnnxModels().layer("MatMul").fixedInput("token_type_ids", 128), "of a fixed size");
    assertFault(new OnnxModels().layer("MatMul").withoutTokens(), "has no input input_ids");
  }

  @Test
  void weightsInOtherFilesAreRefused() {
    assertFault(new OnnxModels().layer("MatMul").external(), "save it as one file");
  }

  @Test
  void sizesNobodyTellsAreAskedFor() {
    assertFault(
        new OnnxModels().layer("MatMul").withoutTables(),
        "does not tell the size of its vocabulary; give the config.json");
  }

  @Test
  void cyclesEndInsteadOfGoingRound() {
    assertFault(
        new OnnxModels()
            .softmax("round", -1, "none")
            .node("", "Identity", "round", "there")
            .node("", "Identity", "there", "round"),
        "has no attention pattern");
  }

  @Test
  void whatIsNoModelIsSaidToBeNone() throws IOException {
    byte[] good = new OnnxModels().layer("MatMul").bytes();
    for (byte[] bad :
        List.of(new byte[0], new byte[] {1, 2, 3}, Arrays.copyOf(good, good.length / 2))) {
      Path file = folder.resolve("bad.onnx");
      Files.write(file, bad);
      RolescopeException fault =
          assertThrows(
              RolescopeException.class,
              () -> new Instrumenter(FakeRunner.of(2)).instrument(request(file)));
      assertEquals(FaultCode.MALFORMED_MODEL, fault.code());
      assertTrue(fault.getMessage().contains("is no ONNX model"), fault.getMessage());
    }
  }

  @Test
  void aMissingFileIsNotFound() {
    RolescopeException fault =
        assertThrows(
            RolescopeException.class,
            () ->
                new Instrumenter(FakeRunner.of(2)).instrument(request(folder.resolve("no.onnx"))));
    assertEquals(FaultCode.NOT_FOUND, fault.code());
  }

  private void assertFault(OnnxModels model, String... expected) {
    assertFault(model, FakeRunner.of(2), expected);
  }

  private void assertFault(OnnxModels model, FakeRunner runner, String... expected) {
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> instrument(model, runner));
    assertEquals(FaultCode.MALFORMED_MODEL, fault.code(), fault.getMessage());
    for (String part : expected) {
      assertTrue(fault.getMessage().contains(part), fault.getMessage());
    }
    assertTrue(fault.getMessage().contains("model.onnx"), fault.getMessage());
    assertFalse(fault.getMessage().contains("\n"), fault.getMessage());
    assertFalse(Files.exists(folder.resolve("models")), "something was left behind");
  }

  private ExportedBundle instrument(OnnxModels model, FakeRunner runner) throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.write(file, model.bytes());
    return new Instrumenter(runner).instrument(request(file));
  }

  private InstrumentRequest request(Path file) {
    return new InstrumentRequest(
        file,
        folder.resolve("tokenizer.json"),
        Optional.empty(),
        folder.resolve("models/made"),
        false);
  }
}
