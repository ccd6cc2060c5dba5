package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import java.util.List;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.ConstantOutput;
import org.rolescope.v1.HeadIntervention;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.MlpIntervention;
import org.rolescope.v1.NamedIntervention;
import org.rolescope.v1.Patch;
import org.rolescope.v1.RandomPattern;
import org.rolescope.v1.ReferenceRandomPattern;
import org.rolescope.v1.ReferenceUniformPattern;
import org.rolescope.v1.UniformPattern;

/**
 * Ablations as the inference service takes them. METRICS §7.
 *
 * @param means mean outputs over neutral prompts
 * @param tokenCounts number of tokens of each prompt
 */
record AblationMessages(MeanOutputs means, List<Integer> tokenCounts) {
  private static final float HALF = 0.5f;

  AblationMessages {
    requireNonNull(means, "means is null");
    tokenCounts = List.copyOf(tokenCounts);
  }

  /** All ablations of an intervention, for all prompts. */
  List<Intervention> of(NamedIntervention intervention) {
    return intervention.getAblationsList().stream().map(this::of).toList();
  }

  private Intervention of(Ablation ablation) {
    Intervention.Builder message = Intervention.newBuilder().setLayer(ablation.getLayer());
    return ablation.getSite() == AblatedSite.ABLATED_SITE_MLP
        ? message.setMlp(mlp(ablation)).build()
        : message.setHeads(heads(ablation)).build();
  }

  private HeadIntervention heads(Ablation ablation) {
    HeadIntervention.Builder heads = HeadIntervention.newBuilder();
    if (ablation.hasHead()) {
      heads.addHeads(ablation.getHead());
    }
    long seed = ablation.getSeed();
    HeadIntervention.Builder changed =
        switch (ablation.getMethod()) {
          case ABLATION_METHOD_ZERO_OUT -> heads.setPatternScale(0);
          case ABLATION_METHOD_HALF_OUT -> heads.setPatternScale(HALF);
          case ABLATION_METHOD_UNIFORM -> heads.setUniform(UniformPattern.getDefaultInstance());
          case ABLATION_METHOD_RANDOM -> heads.setRandom(RandomPattern.newBuilder().setSeed(seed));
          case ABLATION_METHOD_MEAN ->
              heads.setConstantZ(ConstantOutput.newBuilder().setValues(means.heads(ablation)));
          case ABLATION_METHOD_REFERENCE_UNIFORM ->
              heads.setReferenceUniform(ReferenceUniformPattern.getDefaultInstance());
          case ABLATION_METHOD_REFERENCE_RANDOM ->
              heads.setReferenceRandom(ReferenceRandomPattern.newBuilder().setSeed(seed));
          case ABLATION_METHOD_UNSPECIFIED, UNRECOGNIZED -> throw unchecked(ablation);
        };
    return changed.build();
  }

  private MlpIntervention mlp(Ablation ablation) {
    MlpIntervention.Builder mlp = MlpIntervention.newBuilder();
    MlpIntervention.Builder changed =
        switch (ablation.getMethod()) {
          case ABLATION_METHOD_ZERO_OUT -> mlp.setScale(0);
          case ABLATION_METHOD_HALF_OUT -> mlp.setScale(HALF);
          case ABLATION_METHOD_MEAN -> mlp.setPatch(everywhere(means.mlp(ablation.getLayer())));
          case ABLATION_METHOD_UNIFORM,
              ABLATION_METHOD_RANDOM,
              ABLATION_METHOD_REFERENCE_UNIFORM,
              ABLATION_METHOD_REFERENCE_RANDOM,
              ABLATION_METHOD_UNSPECIFIED,
              UNRECOGNIZED ->
              throw unchecked(ablation);
        };
    return changed.build();
  }

  /** The same output at every position of every prompt, [pos, d_model] each. */
  private Patch everywhere(ByteString output) {
    Patch.Builder patch = Patch.newBuilder();
    for (int tokens : tokenCounts) {
      ByteString.Output values = ByteString.newOutput(output.size() * tokens);
      for (int position = 0; position < tokens; position++) {
        values.write(output.toByteArray(), 0, output.size());
      }
      patch.addValues(values.toByteString());
    }
    return patch.build();
  }

  private static IllegalArgumentException unchecked(Ablation ablation) {
    return new IllegalArgumentException("method " + ablation.getMethod() + " of no plan");
  }
}
