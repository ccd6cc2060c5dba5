package org.rolescope.export.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.rolescope.export.file.FileFaults;
import org.rolescope.fault.RolescopeException;

/**
 * Names the content of a weight file without reading all of it: SHA-256 over the header and a
 * sample of every tensor, in the order of their bytes. A tensor of up to 64 KiB is sampled whole, a
 * larger one in 8 pieces of 8 KiB from its first byte to its last, evenly spread. On the way the
 * sampled numbers are checked: a weight that is not finite makes every result NaN.
 */
public final class WeightFingerprint {
  /** Bytes sampled of one tensor. */
  static final int SAMPLE_BYTES = 64 << 10;

  private static final int PIECES = 8;
  private static final int PIECE_BYTES = SAMPLE_BYTES / PIECES;

  private final SafetensorsFile file;
  private final FileChannel channel;
  private final MessageDigest digest = sha256();
  private final ByteBuffer buffer =
      ByteBuffer.allocate(SAMPLE_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private WeightFingerprint(SafetensorsFile file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * The fingerprint of a file, hex.
   *
   * @param weights whether the tensor of this name must hold finite numbers
   * @throws RolescopeException MALFORMED_MODEL where the sample of such a tensor holds NaN or an
   *     infinity, NOT_FOUND where the file cannot be read
   */
  public static String of(SafetensorsFile file, Predicate<String> weights) {
    Path path = file.path();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return new WeightFingerprint(file, channel).read(weights);
    } catch (IOException unreadable) {
      throw FileFaults.unreadable(path, unreadable);
    }
  }

  private String read(Predicate<String> weights) throws IOException {
    List<TensorInfo> tensors =
        file.tensors().values().stream()
            .sorted(
                Comparator.comparingLong(TensorInfo::offsetBytes).thenComparing(TensorInfo::name))
            .toList();
    long headerEnd = tensors.isEmpty() ? file.sizeBytes() : tensors.getFirst().offsetBytes();
    for (long position = 0; position < headerEnd; position += SAMPLE_BYTES) {
      digest.update(piece(position, (int) Math.min(SAMPLE_BYTES, headerEnd - position)));
    }
    for (TensorInfo tensor : tensors) {
      sample(tensor, weights.test(tensor.name()));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void sample(TensorInfo tensor, boolean checked) throws IOException {
    long sizeBytes = tensor.sizeBytes();
    if (sizeBytes <= SAMPLE_BYTES) {
      sample(tensor, 0, (int) sizeBytes, checked);
      return;
    }
    long step = (sizeBytes - PIECE_BYTES) / (PIECES - 1) / Long.BYTES * Long.BYTES;
    for (int piece = 0; piece < PIECES - 1; piece++) {
      sample(tensor, piece * step, PIECE_BYTES, checked);
    }
    sample(tensor, sizeBytes - PIECE_BYTES, PIECE_BYTES, checked);
  }

  private void sample(TensorInfo tensor, long begin, int size, boolean checked) throws IOException {
    ByteBuffer bytes = piece(tensor.offsetBytes() + begin, size);
    if (checked) {
      int found = FiniteNumbers.firstOther(bytes, tensor.type());
      if (found >= 0) {
        throw new Defect.NotFinite(tensor.name(), begin + found).in(file.path());
      }
    }
    digest.update(bytes);
  }

  private ByteBuffer piece(long position, int size) throws IOException {
    buffer.clear().limit(size);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new IOException("it became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
