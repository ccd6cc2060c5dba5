package org.rolescope.bench.baseline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;
import org.rolescope.tensors.bundle.WeightFile;

/**
 * Reads the weights of all blocks from their files, in order, into one buffer, and forgets them.
 */
public final class PlainRead {
  private static final int BUFFER_BYTES = 8 << 20;

  private PlainRead() {}

  /** The weights of all blocks. */
  private static List<StageWeight> weights(BundleManifest manifest) {
    return manifest.stages().stream()
        .filter(stage -> stage.kind() == Stage.Kind.BLOCKS)
        .flatMap(stage -> stage.weights().stream())
        .toList();
  }

  /** Bytes of the weights of all blocks. */
  public static long sizeBytes(BundleManifest manifest) {
    return weights(manifest).stream().mapToLong(StageWeight::sizeBytes).sum();
  }

  /** Reads them. */
  public static void run(Path bundle, BundleManifest manifest) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    for (int file = 0; file < manifest.weightFiles().size(); file++) {
      try (FileChannel channel = FileChannel.open(path(bundle, manifest.weightFiles().get(file)))) {
        for (StageWeight weight : weights(manifest)) {
          if (weight.file() == file) {
            read(channel, weight, buffer);
          }
        }
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  private static void read(FileChannel channel, StageWeight weight, ByteBuffer buffer)
      throws IOException {
    long position = weight.offsetBytes();
    long end = position + weight.sizeBytes();
    while (position < end) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, end - position));
      int count = channel.read(buffer, position);
      if (count < 0) {
        throw new IOException("weight " + weight.name() + " ends beyond its file");
      }
      position += count;
    }
  }

  private static Path path(Path bundle, WeightFile file) {
    return file.file() == null ? Path.of(file.source()) : bundle.resolve(file.file());
  }
}
