package org.rolescope.inference.grpc;

import static org.rolescope.inference.grpc.InterventionRequests.heads;
import static org.rolescope.inference.grpc.InterventionRequests.mlp;
import static org.rolescope.inference.grpc.InterventionRequests.residual;

import java.util.ArrayList;
import java.util.List;
import org.rolescope.v1.ConstantOutput;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.MlpIntervention;
import org.rolescope.v1.Patch;
import org.rolescope.v1.RandomPattern;
import org.rolescope.v1.SweepRequest;
import org.rolescope.v1.UniformPattern;
import org.rolescope.v1.Variant;

/** Requests for sweeps. */
final class SweepRequests {
  /** Values of the source run. */
  static final Patch FROM_SOURCE = Patch.newBuilder().setFromSource(true).build();

  private SweepRequests() {}

  /** A sweep that has no variants yet. */
  static SweepRequest.Builder request(String model, List<String> prompts) {
    return SweepRequest.newBuilder().setModel(model).addAllPrompts(prompts);
  }

  /** A variant. */
  static Variant variant(Intervention... interventions) {
    return Variant.newBuilder().addAllInterventions(List.of(interventions)).build();
  }

  /** The output of the MLP of a layer from the source. */
  static Intervention mlpFromSource(int layer) {
    return Intervention.newBuilder()
        .setLayer(layer)
        .setMlp(MlpIntervention.newBuilder().setPatch(FROM_SOURCE))
        .build();
  }

  /** z of each head from the source: a variant for each, layer by layer. */
  static List<Variant> everyHead(int layers, int headCount) {
    List<Variant> variants = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < headCount; head++) {
        int one = head;
        variants.add(variant(heads(layer, heads -> heads.addHeads(one).setZ(FROM_SOURCE))));
      }
    }
    return variants;
  }

  /** Of each layer, everything that can be put there from a source: a variant for each place. */
  static List<Variant> everySite(int layers) {
    List<Variant> variants = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      variants.add(variant(heads(layer, heads -> heads.addHeads(1).setZ(FROM_SOURCE))));
      variants.add(variant(heads(layer, heads -> heads.setZ(FROM_SOURCE))));
      variants.add(
          variant(heads(layer, heads -> heads.addHeads(2).addHeads(0).setPattern(FROM_SOURCE))));
      variants.add(variant(mlpFromSource(layer)));
      variants.add(variant(residual(layer, FROM_SOURCE)));
    }
    return variants;
  }

  /** Variants that need no source, of layers 0 and 1, some of both. */
  static List<Variant> ablations(int headSize) {
    float[] constant = new float[headSize];
    constant[1] = 0.5f;
    return List.of(
        variant(heads(0, heads -> heads.addHeads(1).setPatternScale(0))),
        variant(heads(0, heads -> heads.setPatternScale(0.5f)), mlp(1, 0)),
        variant(
            heads(0, heads -> heads.addHeads(2).setRandom(RandomPattern.newBuilder().setSeed(3)))),
        variant(mlp(0, 0.25f)),
        variant(
            heads(1, heads -> heads.addHeads(0).setUniform(UniformPattern.getDefaultInstance()))),
        variant(
            heads(
                1,
                heads ->
                    heads
                        .addHeads(3)
                        .setConstantZ(
                            ConstantOutput.newBuilder()
                                .setValues(InterventionCases.bytes(constant))))),
        variant(mlp(1, 0)));
  }
}
