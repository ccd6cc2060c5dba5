package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.rolescope.export.gguf.GgufCheckpoint;

/** Makes a checkpoint of a GGUF file and says so; any other path is a checkpoint already. */
final class GgufStep {
  private final PrintWriter out;

  GgufStep(PrintWriter out) {
    this.out = out;
  }

  /** The folder a path stands for; nothing is made yet. */
  static Path folderOf(Path path) {
    return GgufCheckpoint.isGguf(path) ? GgufCheckpoint.folderOf(path) : path;
  }

  /** The checkpoint a path stands for, made where it is not there yet. */
  Path checkpoint(Path path) {
    if (!GgufCheckpoint.isGguf(path)) {
      return path;
    }
    GgufCheckpoint made = GgufCheckpoint.make(path);
    String types = String.join(", ", made.quantisation());
    out.printf(
        "%s checkpoint %s of %s, %s%n",
        made.written() ? "Made" : "Already there:",
        made.folder(),
        path.getFileName(),
        types.isEmpty()
            ? "whose weights are not quantised"
            : "whose weights were quantised (%s)".formatted(types));
    out.flush();
    return made.folder();
  }
}
