package org.rolescope.export.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.rolescope.export.file.FileFaults;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ParityCertificate;
import org.rolescope.tensors.bundle.json.ManifestJson;

/** Puts a certificate into the manifest of a bundle. */
public final class CertificateFile {
  private CertificateFile() {}

  /**
   * Writes a certificate; the manifest is whole at any moment, and its digest stays.
   *
   * @param bundle folder of the bundle
   * @param digest digest of the bundle that was verified
   * @param certificate what was found
   * @throws RolescopeException CONFLICT where the folder holds another bundle by now,
   *     RESOURCE_EXHAUSTED where it cannot be written
   */
  public static void write(Path bundle, String digest, ParityCertificate certificate) {
    BundleManifest manifest = ManifestJson.read(bundle);
    confirm(bundle, manifest, digest);
    String text = ManifestJson.write(manifest.withCertificate(certificate));
    try {
      // Not createTempFile: its files can be read by their owner only, and this one stays.
      Path partial =
          bundle.resolve(".%s.%s.part".formatted(BundleManifest.FILE_NAME, UUID.randomUUID()));
      try {
        writeSynced(partial, text);
        Files.move(
            partial, bundle.resolve(BundleManifest.FILE_NAME), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException failed) {
      throw FileFaults.unwritable(bundle, failed);
    }
  }

  /**
   * Makes sure that the manifest is of this bundle.
   *
   * @throws RolescopeException CONFLICT where it is not
   */
  static void confirm(Path bundle, BundleManifest manifest, String digest) {
    if (!manifest.digest().equals(digest)) {
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "The bundle %s changed while it was verified; verify it again".formatted(bundle));
    }
  }

  private static void writeSynced(Path file, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
