package org.rolescope.export.instrument;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rolescope.fault.RolescopeException;

/** Runs a graph, so that this module needs no runtime. */
public interface GraphRunner {
  /**
   * Loads a graph.
   *
   * @param file the graph, weights included
   * @throws RolescopeException MALFORMED_MODEL where it cannot be loaded
   */
  Loaded load(Path file);

  /** A loaded graph. Closing it frees its memory. */
  interface Loaded extends AutoCloseable {
    /**
     * Runs prompts of equal length: one segment, nothing padded, positions from 0, nothing before.
     *
     * @param tokenIds token ids [batch][pos]
     * @param outputs names of the outputs wanted
     * @return the outputs by name
     * @throws RolescopeException MALFORMED_MODEL where the graph does not run, or an output is not
     *     float32
     */
    Map<String, Output> run(List<long[]> tokenIds, Set<String> outputs);

    @Override
    void close();
  }

  /**
   * A float32 tensor that came out.
   *
   * @param shape sizes, row-major
   * @param values the elements
   */
  record Output(List<Long> shape, FloatBuffer values) {
    /** Copies the shape. */
    public Output {
      shape = List.copyOf(shape);
    }
  }
}
