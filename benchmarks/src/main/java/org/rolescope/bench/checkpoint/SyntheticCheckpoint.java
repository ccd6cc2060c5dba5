package org.rolescope.bench.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A checkpoint of a shape.
 *
 * @param shape the shape
 * @param type element type of the weights
 */
public record SyntheticCheckpoint(ModelShape shape, StoredFloat type) {
  /** Where the checkpoints of the study are cut. */
  private static final long SHARD_BYTES = 5_000_000_000L;

  private static final String SINGLE_FILE = "model.safetensors";
  private static final String INDEX_FILE = "model.safetensors.index.json";

  /** Bytes of all weights. */
  public long sizeBytes() {
    return shards().stream().mapToLong(shard -> shard.dataBytes(type)).sum();
  }

  /** Number of weight files. */
  public int shardCount() {
    return shards().size();
  }

  /**
   * Writes it, unless the folder holds the same checkpoint already.
   *
   * @param folder folder to write; made where it is missing
   * @return whether anything was written
   */
  public boolean write(Path folder) {
    try {
      if (isThere(folder)) {
        return false;
      }
      Files.createDirectories(folder);
      List<Shard> shards = shards();
      for (int index = 0; index < shards.size(); index++) {
        write(shards.get(index), folder.resolve(fileName(index, shards.size())));
      }
      if (shards.size() > 1) {
        Files.writeString(folder.resolve(INDEX_FILE), index(shards).toPrettyString());
      }
      // Last: its presence says that the rest is complete.
      SideFiles.write(folder, shape, type);
      return true;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private boolean isThere(Path folder) throws IOException {
    Path config = folder.resolve("config.json");
    return Files.exists(config)
        && Files.readString(config).equals(SideFiles.configuration(shape, type).toPrettyString());
  }

  private List<Shard> shards() {
    return Shard.cut(TensorSpec.of(shape), type, SHARD_BYTES);
  }

  private void write(Shard shard, Path file) throws IOException {
    RepeatedBlock normal = RepeatedBlock.normal(type);
    RepeatedBlock ones = RepeatedBlock.ones(type);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer header = shard.header(type);
      while (header.hasRemaining()) {
        channel.write(header);
      }
      for (TensorSpec tensor : shard.tensors()) {
        (tensor.isNorm() ? ones : normal).write(channel, tensor.elementCount() * type.sizeBytes());
      }
      // Or the system writes to the disk while something is measured.
      channel.force(true);
    }
  }

  private ObjectNode index(List<Shard> shards) {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    index.putObject("metadata").put("total_size", sizeBytes());
    ObjectNode map = index.putObject("weight_map");
    for (int shard = 0; shard < shards.size(); shard++) {
      String file = fileName(shard, shards.size());
      shards.get(shard).tensors().forEach(tensor -> map.put(tensor.name(), file));
    }
    return index;
  }

  private static String fileName(int index, int count) {
    return count == 1 ? SINGLE_FILE : "model-%05d-of-%05d.safetensors".formatted(index + 1, count);
  }
}
