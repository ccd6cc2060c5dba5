package org.rolescope.inference.intervene;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.rolescope.inference.session.GraphChange;
import org.rolescope.inference.session.StageTensor;

/** Inputs of the changes of a stage, for one batch; owns their native memory. */
public final class ChangeInputs implements AutoCloseable {
  /** Nothing is changed. */
  public static final ChangeInputs NONE = new ChangeInputs();

  private final Map<String, StageTensor> byName = new HashMap<>();

  private ChangeInputs() {}

  /** The inputs by name. */
  public Map<String, StageTensor> byName() {
    return byName;
  }

  @Override
  public void close() {
    byName.values().forEach(StageTensor::close);
  }

  /** Inputs that are being filled. */
  static final class Builder {
    private final Map<GraphChange, ChangeValues> values = new HashMap<>();

    Builder(Collection<GraphChange> changes, BatchShape batch) {
      changes.forEach(change -> values.put(change, new ChangeValues(change, batch)));
    }

    ChangeValues values(GraphChange change) {
      return values.get(change);
    }

    ChangeInputs build() {
      ChangeInputs inputs = new ChangeInputs();
      try {
        values.values().forEach(change -> change.addTo(inputs.byName));
        return inputs;
      } catch (RuntimeException failed) {
        inputs.close();
        throw failed;
      }
    }
  }
}
