package org.rolescope.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The digest of a bundle: SHA-256 over one line for each part, sorted by name, of the form {@code
 * <SHA-256 of the part, hex> <two spaces> <name> <line feed>}, as {@code sha256sum} writes it.
 */
final class ContentDigest {
  private static final int BUFFER_BYTES = 1 << 20;

  private final SortedMap<String, String> digests = new TreeMap<>();

  /** Adds a part whose digest is known. */
  void add(String name, String sha256) {
    digests.put(name, sha256);
  }

  /** The digest over all parts, hex. */
  String sha256() {
    MessageDigest digest = newDigest();
    digests.forEach(
        (name, sha256) ->
            digest.update((sha256 + "  " + name + "\n").getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** SHA-256 of a file, hex, in the memory of one buffer. */
  static String sha256(Path file) throws IOException {
    MessageDigest digest = newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream bytes = Files.newInputStream(file)) {
      for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** SHA-256 of bytes in memory, hex. */
  static String sha256(byte[] content) {
    return HexFormat.of().formatHex(newDigest().digest(content));
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
