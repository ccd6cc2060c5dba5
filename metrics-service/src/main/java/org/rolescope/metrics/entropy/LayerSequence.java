package org.rolescope.metrics.entropy;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.Consumer;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.TensorView;

/**
 * Measures layer after layer from the tensors of a stream: {@code pattern} of every batch, in order
 * of layer, each before it optionally {@code value_norm} of the same batch. A layer is handed on as
 * soon as its last prompt has come; one is in memory at a time. Not thread-safe.
 */
public final class LayerSequence {
  /**
   * Most heads times prompts. A layer keeps twelve numbers for each: six kinds, and attention to
   * six keys; so they take 0.8 GB.
   */
  public static final int MAX_CELLS = 1 << 23;

  private static final String PATTERN = "pattern";
  private static final String VALUE_NORM = "value_norm";

  private final TensorOrigin origin;
  private final Visibility visibility;
  private final ChangedPatterns changed;
  private final int headCount;
  private final List<Integer> tokenCounts;
  private final int lastLayer;
  private final Consumer<LayerEntropies> sink;
  private int layer;
  private LayerMeasurement measurement;

  /**
   * Begins.
   *
   * @param origin who sends the tensors
   * @param visibility which keys a query sees
   * @param changed which patterns interventions have put there
   * @param headCount number of heads; at least 1, and with the prompts at most {@link #MAX_CELLS}
   * @param tokenCounts number of tokens of each prompt; at least one prompt
   * @param firstLayer the first layer that must come
   * @param lastLayer the last; not below the first
   * @param sink takes each layer; may block
   */
  public LayerSequence(
      TensorOrigin origin,
      Visibility visibility,
      ChangedPatterns changed,
      int headCount,
      List<Integer> tokenCounts,
      int firstLayer,
      int lastLayer,
      Consumer<LayerEntropies> sink) {
    this.origin = requireNonNull(origin, "origin is null");
    this.visibility = requireNonNull(visibility, "visibility is null");
    this.changed = requireNonNull(changed, "changed is null");
    this.headCount = headCount;
    this.tokenCounts = List.copyOf(tokenCounts);
    this.layer = firstLayer;
    this.lastLayer = lastLayer;
    this.sink = requireNonNull(sink, "sink is null");
    this.measurement = begin();
  }

  /**
   * Measures a tensor, which may be forgotten afterwards.
   *
   * @throws RolescopeException what {@link TensorOrigin} says where it is not the one that is due,
   *     DATA_LOSS where its numbers are damaged; what the sink throws
   */
  public void add(TensorView tensor) {
    boolean norms = tensor.name().equals(VALUE_NORM);
    require(
        (norms || tensor.name().equals(PATTERN)) && tensor.layer().isPresent(),
        "a tensor " + tensor.name() + " comes where a pattern was expected");
    admit(tensor.layer().getAsInt());
    if (norms) {
      measurement.addValueNorm(tensor);
      return;
    }
    measurement.add(tensor);
    if (measurement.isComplete()) {
      sink.accept(measurement.finish());
      layer++;
      measurement = begin();
    }
  }

  /**
   * Confirms that the last layer is complete.
   *
   * @throws RolescopeException what {@link TensorOrigin} says where it is not
   */
  public void finish() {
    if (layer <= lastLayer && measurement.isBegun()) {
      measurement.finish();
    }
    require(layer > lastLayer, "it ended before layer " + lastLayer);
  }

  private LayerMeasurement begin() {
    return layer > lastLayer
        ? null
        : new LayerMeasurement(origin, visibility, changed, layer, headCount, tokenCounts);
  }

  private void admit(int tensorLayer) {
    require(layer <= lastLayer, "layer %d comes where the end was expected".formatted(tensorLayer));
    if (tensorLayer == layer + 1 && measurement.isBegun()) {
      // Says which prompt is missing.
      measurement.finish();
    }
    require(
        tensorLayer == layer,
        "layer %s comes where layer %d was expected"
            .formatted(Integer.toUnsignedString(tensorLayer), layer));
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw origin.mismatch(otherwise);
    }
  }
}
