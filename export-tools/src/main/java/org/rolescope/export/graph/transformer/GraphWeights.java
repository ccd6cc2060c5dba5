package org.rolescope.export.graph.transformer;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.rolescope.export.architecture.TensorRequirement;
import org.rolescope.export.graph.Attribute;
import org.rolescope.export.graph.ElementType;
import org.rolescope.export.graph.GraphBuilder;
import org.rolescope.export.graph.Operation;
import org.rolescope.export.graph.Operator;
import org.rolescope.export.graph.Value;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.StageWeight;

/**
 * The weights of one graph: initialisers in the type they have on disk, under their name in the
 * checkpoint. 16-bit ones are followed by a Cast to float32 whose result is called like the weight
 * with {@code .float32} behind it.
 */
public final class GraphWeights {
  private static final Operation TO_FLOAT32 =
      Operator.CAST.with(Attribute.of("to", ElementType.FLOAT32.onnxNumber()));

  private final GraphBuilder graph;
  private final Function<TensorRequirement, StageWeight> checkpoint;
  private final Function<StageWeight, String> location;
  private final List<StageWeight> used = new ArrayList<>();

  /**
   * No weights yet.
   *
   * @param graph graph that gets them
   * @param checkpoint finds a tensor in the weight files
   * @param location the file of a weight as the graph shall name it
   */
  public GraphWeights(
      GraphBuilder graph,
      Function<TensorRequirement, StageWeight> checkpoint,
      Function<StageWeight, String> location) {
    this.graph = requireNonNull(graph, "graph is null");
    this.checkpoint = requireNonNull(checkpoint, "checkpoint is null");
    this.location = requireNonNull(location, "location is null");
  }

  /** Adds a weight and returns it as float32. */
  public Value float32(TensorRequirement tensor) {
    return float32(checkpoint.apply(tensor));
  }

  /**
   * Adds some rows of a weight, which keep its name, and returns them as float32.
   *
   * @param table the weight, [row, width]
   * @param first first row
   * @param count number of rows
   */
  public Value float32Rows(TensorRequirement table, int first, int count) {
    StageWeight whole = checkpoint.apply(table);
    long rowBytes = whole.sizeBytes() / whole.shape().getFirst();
    return float32(
        new StageWeight(
            whole.name(),
            whole.file(),
            whole.dataType(),
            List.of((long) count, whole.shape().getLast()),
            Math.addExact(whole.offsetBytes(), Math.multiplyExact(first, rowBytes)),
            Math.multiplyExact(count, rowBytes)));
  }

  private Value float32(StageWeight weight) {
    Value stored = add(weight);
    return weight.dataType() == DType.F32
        ? stored
        : graph.apply(TO_FLOAT32, weight.name() + ".float32", stored);
  }

  /**
   * Adds a table and returns its rows at some indices as float32, casting only those rows.
   *
   * @param table the table, [row, width]
   * @param indices int64 indices of rows, of any shape
   * @param output name of the result, [indices..., width]
   */
  public Value rows(TensorRequirement table, Value indices, String output) {
    StageWeight weight = checkpoint.apply(table);
    Value stored = add(weight);
    if (weight.dataType() == DType.F32) {
      return graph.apply(Operator.GATHER, output, stored, indices);
    }
    Value rows = graph.apply(Operator.GATHER, output + ".stored", stored, indices);
    return graph.apply(TO_FLOAT32, output, rows);
  }

  /** The weights added so far, in that order. */
  public List<StageWeight> used() {
    return List.copyOf(used);
  }

  private Value add(StageWeight weight) {
    used.add(weight);
    return graph.external(weight, location.apply(weight));
  }
}
