package org.rolescope.export.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The checksum of a blob, from its bytes in order: SHA-256 of a file in large file storage; else
 * what {@code git hash-object} gives, SHA-1 over the word blob, the size, and the bytes.
 */
final class BlobDigest {
  private static final int SHA_256_DIGITS = 64;

  private final MessageDigest digest;
  private final String expected;

  BlobDigest(String expected, long sizeBytes) {
    this.expected = expected;
    boolean large = expected.length() == SHA_256_DIGITS;
    this.digest = newDigest(large ? "SHA-256" : "SHA-1");
    if (!large) {
      digest.update("blob %d\0".formatted(sizeBytes).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Adds the first bytes of a buffer. */
  void add(byte[] buffer, int count) {
    digest.update(buffer, 0, count);
  }

  /** Whether the bytes added are those of the blob. Ends the digest. */
  boolean matches() {
    return HexFormat.of().formatHex(digest.digest()).equals(expected);
  }

  private static MessageDigest newDigest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has " + algorithm, impossible);
    }
  }
}
