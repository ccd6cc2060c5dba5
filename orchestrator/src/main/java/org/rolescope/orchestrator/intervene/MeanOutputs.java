package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.List;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.ConstantOutput;
import org.rolescope.v1.NamedIntervention;

/**
 * Mean outputs over all positions of the neutral prompts, read from their checkpoints when they are
 * asked for.
 *
 * @param folder where the checkpoints are
 * @param headSize width of a head
 */
record MeanOutputs(InterventionFolder folder, int headSize) {
  MeanOutputs {
    requireNonNull(folder, "folder is null");
  }

  /**
   * A place whose mean output is taken.
   *
   * @param site attention heads, all of a layer at once, or its MLP
   * @param layer the layer
   */
  record Place(AblatedSite site, int layer) {
    /** The place in a few words. */
    String words() {
      return (site == AblatedSite.ABLATED_SITE_MLP ? "MLP" : "heads") + " of layer " + layer;
    }
  }

  /** Every place whose mean output some intervention puts there, by layer. */
  static List<Place> places(List<NamedIntervention> interventions) {
    return interventions.stream()
        .flatMap(intervention -> intervention.getAblationsList().stream())
        .filter(ablation -> ablation.getMethod() == AblationMethod.ABLATION_METHOD_MEAN)
        .map(ablation -> new Place(ablation.getSite(), ablation.getLayer()))
        .distinct()
        .sorted(Comparator.comparing(Place::layer).thenComparing(Place::site))
        .toList();
  }

  /** Of the heads an ablation names, float32 [head, d_head]. */
  ByteString heads(Ablation ablation) {
    ByteString all = read(new Place(AblatedSite.ABLATED_SITE_ATTENTION, ablation.getLayer()));
    int headBytes = headSize * Float.BYTES;
    return ablation.hasHead()
        ? all.substring(ablation.getHead() * headBytes, (ablation.getHead() + 1) * headBytes)
        : all;
  }

  /** Of the MLP of a layer, float32 [d_model]. */
  ByteString mlp(int layer) {
    return read(new Place(AblatedSite.ABLATED_SITE_MLP, layer));
  }

  private ByteString read(Place place) {
    return Checkpoint.read(folder.mean(place.site(), place.layer()), ConstantOutput.parser())
        .getValues();
  }
}
