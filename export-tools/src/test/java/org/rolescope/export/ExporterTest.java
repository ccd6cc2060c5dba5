package org.rolescope.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.FileTree;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageTap;
import org.rolescope.tensors.bundle.StageValues;
import org.rolescope.tensors.bundle.WeightFile;
import org.rolescope.tensors.bundle.json.ManifestJson;

class ExporterTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"base", "instruct"})
  void manifestSurvivesItsRoundTrip(String model) {
    ExportedBundle bundle = export(DemoModels.snapshot(model));
    assertTrue(bundle.written());
    assertEquals(bundle.manifest(), ManifestJson.read(bundle.folder()));
  }

  @Test
  void manifestSaysWhatTheModelIs() {
    BundleManifest manifest = export(DemoModels.snapshot("base")).manifest();
    assertEquals(
        new ModelDimensions("llama", 6, 8, 4, 16, 128, 352, 1600, 256, 1_312_384),
        manifest.dimensions());
    assertEquals(8, manifest.rotary().inverseFrequencies().size());
    assertEquals(StrictMath.pow(10_000, -0.125), manifest.rotary().inverseFrequencies().get(1));
    assertEquals("tokenizer.json", manifest.tokenizerFile());
    assertTrue(manifest.rolescopeVersion().matches("\\d+\\..*"), manifest.rolescopeVersion());
    assertTrue(manifest.digest().matches("[0-9a-f]{64}"), manifest.digest());
  }

  @Test
  void stagesCarryTapsAndWeights() {
    List<Stage> stages = export(DemoModels.snapshot("base")).manifest().stages();
    assertEquals(8, stages.size());
    Stage third = stages.get(3);
    assertEquals("stages/block_002.onnx", third.file());
    assertEquals(
        List.of(
            new StageTap("pattern", 2, "blocks.2.pattern"),
            new StageTap("z", 2, "blocks.2.z"),
            new StageTap("resid_post", 2, "resid_post")),
        third.taps());
    assertEquals(
        List.of(
            new StageValues(
                2,
                "blocks.2.v",
                "model.layers.2.self_attn.o_proj.weight",
                StageValues.Layout.OUT_IN)),
        third.values());
    assertEquals(9, third.weights().size());
    assertEquals(
        stages.getFirst().weights().getFirst(), stages.getLast().weights().getLast(), "tied");
  }

  @Test
  void severalLayersInAStageHaveTheirOwnTaps() {
    ExportRequest request =
        ExportRequest.of(DemoModels.snapshot("base"), bundle()).withLayersPerStage(4);
    List<Stage> stages = new Exporter().export(request).manifest().stages();
    assertEquals(
        List.of("stages/block_000.onnx", "stages/block_004.onnx"),
        stages.subList(1, 3).stream().map(Stage::file).toList());
    assertEquals(
        List.of("blocks.0.resid_post", "blocks.1.resid_post", "blocks.2.resid_post", "resid_post"),
        stages.get(1).taps().stream()
            .filter(tap -> tap.name().equals("resid_post"))
            .map(StageTap::output)
            .toList());
    assertEquals(
        List.of("blocks.0.v", "blocks.1.v", "blocks.2.v", "blocks.3.v"),
        stages.get(1).values().stream().map(StageValues::output).toList());
  }

  @Test
  void twoExportsGiveIdenticalBytes() throws IOException {
    Map<String, Path> first = FileTree.files(export(DemoModels.snapshot("base")).folder());
    Path second = folder.resolve("second");
    new Exporter().export(ExportRequest.of(DemoModels.snapshot("base"), second));
    assertEquals(first.keySet(), FileTree.files(second).keySet());
    for (Map.Entry<String, Path> file : first.entrySet()) {
      assertEquals(
          -1, Files.mismatch(file.getValue(), second.resolve(file.getKey())), file.getKey());
    }
  }

  @Test
  void bundleHoldsExactlyWhatBelongsToIt() throws IOException {
    String blocks =
        IntStream.range(0, 6)
            .mapToObj("stages/block_%03d.onnx"::formatted)
            .collect(Collectors.joining(" "));
    assertEquals(
        "config.json generation_config.json rolescope.json special_tokens_map.json "
            + blocks
            + " stages/embed.onnx stages/model.safetensors stages/unembed.onnx"
            + " tokenizer.json tokenizer_config.json",
        String.join(" ", FileTree.files(export(DemoModels.snapshot("base")).folder()).keySet()));
  }

  @Test
  void noWeightByteIsWritten() throws IOException {
    ExportedBundle bundle = export(DemoModels.snapshot("base"));
    WeightFile weights = bundle.manifest().weightFiles().getFirst();
    Path link = bundle.folder().resolve(weights.file());
    Path source = DemoModels.snapshot("base").resolve("model.safetensors");
    assertTrue(Files.isSameFile(source, link));
    assertEquals(fileKey(source), fileKey(link));
    assertEquals(2_630_760, weights.sizeBytes());
    long writtenBytes = 0;
    for (Path file : FileTree.files(bundle.folder()).values()) {
      writtenBytes += file.equals(link) ? 0 : Files.size(file);
    }
    assertTrue(writtenBytes < 200_000, "wrote " + writtenBytes + " bytes");
  }

  @Test
  void symbolicLinksOfACacheAreResolved() throws IOException {
    Path blobs = Files.createDirectory(folder.resolve("blobs"));
    Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
    int number = 0;
    for (Path file : FileTree.files(DemoModels.snapshot("base")).values()) {
      Path blob = Files.copy(file, blobs.resolve("blob" + number++));
      Path target = Path.of("..", "blobs").resolve(blob.getFileName());
      Files.createSymbolicLink(snapshot.resolve(file.getFileName()), target);
    }
    ExportedBundle bundle = export(snapshot);
    WeightFile weights = bundle.manifest().weightFiles().getFirst();
    Path link = bundle.folder().resolve(weights.file());
    assertFalse(Files.isSymbolicLink(link));
    assertFalse(Files.isSymbolicLink(bundle.folder().resolve("config.json")));
    assertEquals(blobs.toRealPath(), Path.of(weights.source()).getParent());
    assertTrue(Files.isSameFile(Path.of(weights.source()), link));
  }

  @Test
  void withoutHardLinksTheManifestNamesTheSource() throws IOException {
    Exporter exporter =
        new Exporter(
            (link, existing) -> {
              throw new IOException("Invalid cross-device link");
            });
    ExportedBundle bundle =
        exporter.export(ExportRequest.of(DemoModels.snapshot("base"), bundle()));
    WeightFile weights = ManifestJson.read(bundle.folder()).weightFiles().getFirst();
    assertEquals(null, weights.file());
    Path source = DemoModels.snapshot("base").resolve("model.safetensors").toRealPath();
    assertEquals(source.toString(), weights.source());
    assertFalse(FileTree.files(bundle.folder()).containsKey("stages/model.safetensors"));
    String stage =
        Files.readString(
            bundle.folder().resolve("stages/block_003.onnx"), StandardCharsets.ISO_8859_1);
    assertTrue(stage.contains("block_003.onnx"), "the stage names itself as location");
    assertFalse(stage.contains("model.safetensors"));
  }

  private ExportedBundle export(Path snapshot) {
    return new Exporter().export(ExportRequest.of(snapshot, bundle()));
  }

  private Path bundle() {
    return folder.resolve("bundle");
  }

  private static Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }
}
