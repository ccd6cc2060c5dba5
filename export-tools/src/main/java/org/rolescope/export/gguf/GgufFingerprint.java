package org.rolescope.export.gguf;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names the content of a file without reading all of it: SHA-256 over everything before the data
 * and a sample of every tensor. A tensor of up to 64 KiB is sampled whole, a larger one in 8 pieces
 * of 8 KiB from its first byte to its last, evenly spread.
 */
final class GgufFingerprint {
  private static final int SAMPLE_BYTES = 64 << 10;
  private static final int PIECES = 8;
  private static final int PIECE_BYTES = SAMPLE_BYTES / PIECES;

  private static final int MAX_BUFFER_BYTES = 1 << 30;

  private final MemorySegment bytes;
  private final MessageDigest digest;

  private GgufFingerprint(MemorySegment bytes) {
    this.bytes = bytes;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /** The fingerprint of a file whose bytes are these, hex. */
  static String of(GgufFile file, MemorySegment bytes) {
    GgufFingerprint fingerprint = new GgufFingerprint(bytes);
    fingerprint.add(0, file.dataOffsetBytes());
    file.tensors().forEach(fingerprint::sample);
    return HexFormat.of().formatHex(fingerprint.digest.digest());
  }

  private void sample(GgufTensor tensor) {
    if (tensor.sizeBytes() <= SAMPLE_BYTES) {
      add(tensor.offsetBytes(), tensor.sizeBytes());
      return;
    }
    long step = (tensor.sizeBytes() - PIECE_BYTES) / (PIECES - 1);
    for (int piece = 0; piece < PIECES - 1; piece++) {
      add(tensor.offsetBytes() + piece * step, PIECE_BYTES);
    }
    add(tensor.offsetBytes() + tensor.sizeBytes() - PIECE_BYTES, PIECE_BYTES);
  }

  private void add(long position, long length) {
    // A Java buffer ends at 2 GiB, and what lies before the data may be longer.
    for (long done = 0; done < length; done += MAX_BUFFER_BYTES) {
      long count = Math.min(MAX_BUFFER_BYTES, length - done);
      digest.update(bytes.asSlice(position + done, count).asByteBuffer());
    }
  }
}
