package org.rolescope.bench.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors that share a safetensors file.
 *
 * @param tensors in the order they lie in the file
 */
record Shard(List<TensorSpec> tensors) {
  private static final int ALIGNMENT = 8;

  Shard {
    tensors = List.copyOf(tensors);
  }

  /** Bytes of all tensors. */
  long dataBytes(StoredFloat type) {
    return tensors.stream().mapToLong(TensorSpec::elementCount).sum() * type.sizeBytes();
  }

  /** The header with its length before it, padded as the format's own writer pads it. */
  ByteBuffer header(StoredFloat type) {
    ObjectNode entries = JsonNodeFactory.instance.objectNode();
    entries.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (TensorSpec tensor : tensors) {
      ObjectNode entry = entries.putObject(tensor.name()).put("dtype", type.name());
      tensor.sizes().forEach(entry.withArray("shape")::add);
      long end = offset + tensor.elementCount() * type.sizeBytes();
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    StringBuilder text = new StringBuilder(entries.toString());
    while (text.length() % ALIGNMENT != 0) {
      text.append(' ');
    }
    byte[] json = text.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(Long.BYTES + json.length);
    return header.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).flip();
  }

  /** Cuts tensors into shards of at most this many bytes; a tensor is never cut. */
  static List<Shard> cut(List<TensorSpec> tensors, StoredFloat type, long maxBytes) {
    List<Shard> shards = new ArrayList<>();
    List<TensorSpec> current = new ArrayList<>();
    long bytes = 0;
    for (TensorSpec tensor : tensors) {
      long size = tensor.elementCount() * type.sizeBytes();
      if (!current.isEmpty() && bytes + size > maxBytes) {
        shards.add(new Shard(current));
        current.clear();
        bytes = 0;
      }
      current.add(tensor);
      bytes += size;
    }
    shards.add(new Shard(current));
    return shards;
  }
}
