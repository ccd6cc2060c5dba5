package org.rolescope.figures;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;

/**
 * What scripts can read: chart modules, ECharts and the script that joins them, all from the class
 * path. Nothing of the real file system is seen and nothing can be written.
 */
final class ModuleFiles implements FileSystem {
  private static final String ECHARTS = "/vendor/echarts.esm.min.mjs";
  private static final String ECHARTS_RESOURCE =
      "/META-INF/resources/_static/echarts/6.0.0/dist/echarts.esm.min.mjs";

  /** Text of a module. */
  static byte[] read(String path) throws IOException {
    String resource = path.equals(ECHARTS) ? ECHARTS_RESOURCE : path;
    try (InputStream in = ModuleFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new NoSuchFileException(path);
      }
      return in.readAllBytes();
    }
  }

  @Override
  public Path parsePath(URI uri) {
    return Path.of(uri.getPath());
  }

  @Override
  public Path parsePath(String path) {
    return Path.of(path);
  }

  @Override
  public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options)
      throws IOException {
    if (modes.contains(AccessMode.WRITE) || modes.contains(AccessMode.EXECUTE)) {
      throw new SecurityException("modules are read only");
    }
    read(path.toString());
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return new BytesChannel(read(path.toString()));
  }

  @Override
  public Path toAbsolutePath(Path path) {
    return Path.of("/").resolve(path);
  }

  @Override
  public Path toRealPath(Path path, LinkOption... options) {
    return toAbsolutePath(path).normalize();
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return Map.of(
        "isRegularFile", true, "isDirectory", false, "size", (long) read(path.toString()).length);
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) {
    throw new SecurityException("modules are read only");
  }

  @Override
  public void delete(Path path) {
    throw new SecurityException("modules are read only");
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) {
    throw new SecurityException("modules cannot be listed");
  }
}
