package org.rolescope.orchestrator.testing;

import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.Variant;

/**
 * What happens inside a fake model that only adds: what an embedding, each head (by its pattern and
 * apart from it) and each MLP write goes straight to the logits. So patches of several places add
 * up, and every recovery has a closed form.
 */
public final class FakeActivations {
  private final FakeModel model;
  private final List<Long> tokenIds;

  public FakeActivations(FakeModel model, List<Long> tokenIds) {
    this.model = model;
    this.tokenIds = List.copyOf(tokenIds);
  }

  /** What a head writes, [vocab]. */
  public double[] head(int layer, int head) {
    return sum(pattern(layer, head), write("value", layer, head));
  }

  /** The part of that which its pattern decides, [vocab]. */
  public double[] pattern(int layer, int head) {
    return write("pattern", layer, head);
  }

  /** What an MLP writes, [vocab]. */
  public double[] mlp(int layer) {
    return write("mlp", layer, 0);
  }

  /** The logits of the model as it is, [vocab]. */
  public float[] logits() {
    return logits(Variant.getDefaultInstance(), this);
  }

  /** The logits of a variant that takes its values from another run, [vocab]. */
  float[] logits(Variant variant, FakeActivations source) {
    double[] stream = residual(model.layerCount() - 1, variant, source);
    float[] logits = new float[stream.length];
    for (int token = 0; token < logits.length; token++) {
      logits[token] = (float) stream[token];
    }
    return logits;
  }

  /** The residual stream behind a layer, [vocab]. */
  private double[] residual(int last, Variant variant, FakeActivations source) {
    double[] stream = write("embedding", 0, 0);
    for (int layer = 0; layer <= last; layer++) {
      double[] mlp = mlp(layer);
      double[] patched = null;
      double[][] heads = new double[model.headCount()][];
      for (int head = 0; head < heads.length; head++) {
        heads[head] = head(layer, head);
      }
      for (Intervention intervention : variant.getInterventionsList()) {
        if (intervention.getLayer() == layer) {
          switch (intervention.getSiteCase()) {
            case HEADS -> patch(heads, intervention.getHeads(), layer, source);
            case MLP -> mlp = source.mlp(layer);
            case RESIDUAL -> patched = source.residual(layer);
            case SITE_NOT_SET -> throw new IllegalArgumentException("nothing is patched");
          }
        }
      }
      for (double[] head : heads) {
        stream = sum(stream, head);
      }
      stream = patched == null ? sum(stream, mlp) : patched;
    }
    return stream;
  }

  private double[] residual(int last) {
    return residual(last, Variant.getDefaultInstance(), this);
  }

  private void patch(
      double[][] heads, HeadIntervention intervention, int layer, FakeActivations source) {
    for (int head : intervention.getHeadsList()) {
      heads[head] =
          intervention.hasZ()
              ? source.head(layer, head)
              : sum(source.pattern(layer, head), write("value", layer, head));
    }
  }

  private double[] write(String part, int layer, int head) {
    Random random = new Random(Objects.hash(model.digest(), tokenIds, part, layer, head));
    return random.doubles(FakeModel.VOCABULARY_SIZE, -1, 1).toArray();
  }

  private static double[] sum(double[] one, double[] other) {
    double[] sum = one.clone();
    for (int index = 0; index < sum.length; index++) {
      sum[index] += other[index];
    }
    return sum;
  }
}
