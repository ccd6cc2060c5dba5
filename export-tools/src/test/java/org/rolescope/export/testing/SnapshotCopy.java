package org.rolescope.export.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** A copy of a demo model that a test may alter. */
public final class SnapshotCopy {
  private final Path folder;

  private SnapshotCopy(Path folder) {
    this.folder = folder;
  }

  /** Copies the base model into a folder {@code snapshot} inside this one. */
  public static SnapshotCopy in(Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("snapshot"));
    for (Path file : FileTree.files(DemoModels.snapshot("base")).values()) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
    return new SnapshotCopy(folder);
  }

  /** The folder of the copy. */
  public Path folder() {
    return folder;
  }

  /** A file of the copy. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /** Replaces text in {@code config.json}, which must hold it. */
  public SnapshotCopy configure(String found, String replacement) throws IOException {
    return replace("config.json", found, replacement);
  }

  /** Replaces text in a file, which must hold it, byte by byte. */
  public SnapshotCopy replace(String name, String found, String replacement) throws IOException {
    String text = Files.readString(file(name), StandardCharsets.ISO_8859_1);
    if (!text.contains(found)) {
      throw new IllegalArgumentException(name + " does not hold " + found);
    }
    Files.writeString(file(name), text.replace(found, replacement), StandardCharsets.ISO_8859_1);
    return this;
  }

  /** Cuts the weights into two files with an index, every other tensor into each. */
  public SnapshotCopy inShards(String first, String second) throws IOException {
    List<Map<String, SafetensorsBytes.Tensor>> shards = List.of(new TreeMap<>(), new TreeMap<>());
    StringJoiner places = new StringJoiner(",", "{\"metadata\":{},\"weight_map\":{", "}}");
    int number = 0;
    Map<String, SafetensorsBytes.Tensor> tensors =
        new TreeMap<>(SafetensorsBytes.read(file("model.safetensors")));
    for (Map.Entry<String, SafetensorsBytes.Tensor> tensor : tensors.entrySet()) {
      int shard = number++ % 2;
      shards.get(shard).put(tensor.getKey(), tensor.getValue());
      places.add("\"%s\":\"%s\"".formatted(tensor.getKey(), shard == 0 ? first : second));
    }
    Files.delete(file("model.safetensors"));
    SafetensorsBytes.write(file(first), shards.getFirst());
    SafetensorsBytes.write(file(second), shards.getLast());
    Files.writeString(file("model.safetensors.index.json"), places.toString());
    return this;
  }

  /** Adds a tensor of one number with these bits to a weight file. */
  public SnapshotCopy addTensor(String weights, String name, String type, int bits)
      throws IOException {
    Map<String, SafetensorsBytes.Tensor> tensors = SafetensorsBytes.read(file(weights));
    tensors.put(name, SafetensorsBytes.spoilt(type, 1, 0, bits));
    SafetensorsBytes.write(file(weights), tensors);
    return this;
  }
}
