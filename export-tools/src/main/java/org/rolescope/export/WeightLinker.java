package org.rolescope.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Gives a weight file a second name inside the bundle without copying it. */
@FunctionalInterface
public interface WeightLinker {
  /** Hard links, which every ONNX tool follows as a plain file. */
  WeightLinker HARD_LINK = Files::createLink;

  /**
   * Creates the link.
   *
   * @param link name to create; does not exist yet
   * @param existing the weight file, no symbolic link
   * @throws IOException where this file system or its permissions allow no link; the bundle then
   *     refers to the weight file by its absolute path
   * @throws UnsupportedOperationException where the file system knows no links
   */
  void link(Path link, Path existing) throws IOException;
}
