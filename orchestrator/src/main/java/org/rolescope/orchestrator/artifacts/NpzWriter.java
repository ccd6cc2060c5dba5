package org.rolescope.orchestrator.artifacts;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes named arrays into a {@code .npz}: a ZIP of {@code .npy} files, stored without compression
 * and under one fixed date, so that equal arrays make equal bytes.
 */
final class NpzWriter implements AutoCloseable {
  // The earliest round date that ZIP can tell without the extra field that depends on time zones.
  private static final LocalDateTime FIXED_DATE = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final ZipOutputStream zip;

  /** Writes to this stream. */
  NpzWriter(OutputStream out) {
    zip = new ZipOutputStream(out);
    zip.setMethod(ZipOutputStream.STORED);
  }

  /** Adds an array; {@code np.load(…)[name]} gives it back. */
  void add(String name, NpyArray array) throws IOException {
    byte[] header = array.header();
    CRC32 checksum = new CRC32();
    checksum.update(header);
    checksum.update(array.data());
    ZipEntry entry = new ZipEntry(name + ".npy");
    entry.setTimeLocal(FIXED_DATE);
    entry.setSize((long) header.length + array.data().remaining());
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(header);
    Channels.newChannel(zip).write(array.data());
    zip.closeEntry();
  }

  /** Writes the directory of the archive and closes the stream. */
  @Override
  public void close() throws IOException {
    zip.close();
  }
}
