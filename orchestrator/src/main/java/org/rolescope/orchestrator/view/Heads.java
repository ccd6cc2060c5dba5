package org.rolescope.orchestrator.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.rolescope.orchestrator.artifacts.ModelPart;
import org.rolescope.orchestrator.report.FinishedRun;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.HeadRoles;
import org.rolescope.v1.LayerContrast;
import org.rolescope.v1.LayerRoles;
import org.rolescope.v1.PatchResults;
import org.rolescope.v1.PatchingScore;

/**
 * Every head of every layer.
 *
 * @param parts the models, base first
 * @param layerCount number of layers
 * @param headCount heads of each
 * @param heads by layer and head
 */
public record Heads(List<String> parts, int layerCount, int headCount, List<HeadRow> heads) {
  /** Copies the lists. */
  public Heads {
    parts = List.copyOf(parts);
    heads = List.copyOf(heads);
  }

  /**
   * One head.
   *
   * @param layer the layer
   * @param head the head
   * @param parts each model by its part
   * @param did difference-in-differences by reference entropy; empty for a single model or too few
   *     prompts to pair
   * @param patching recovery when patched by itself; empty where no sweep was made
   */
  public record HeadRow(
      int layer,
      int head,
      Map<String, HeadPart> parts,
      Optional<HeadDid> did,
      Optional<HeadRecovery> patching) {}

  /**
   * One head of one model: pooled exact entropies in nats and what follows from them.
   *
   * @param selfNats of the self prompts
   * @param neutralNats of the neutral prompts
   * @param confounderNats of the confounder prompts; NaN without any
   * @param rfc role focus coefficient
   * @param rsi role separation index
   * @param degenerate whether the neutral entropy nearly vanishes
   * @param cohensD self against neutral; NaN where it was not measured
   * @param hedgesG likewise
   */
  public record HeadPart(
      double selfNats,
      double neutralNats,
      double confounderNats,
      double rfc,
      double rsi,
      boolean degenerate,
      double cohensD,
      double hedgesG) {
    static HeadPart of(HeadRoles roles) {
      boolean measured = roles.hasSelfAgainstNeutral();
      return new HeadPart(
          roles.getExact().getSelfNats(),
          roles.getExact().getNeutralNats(),
          roles.getExact().getConfounderNats(),
          roles.getExact().getRfc(),
          roles.getExact().getRsi(),
          roles.getDegenerate(),
          measured ? roles.getSelfAgainstNeutral().getCohensD() : Double.NaN,
          measured ? roles.getSelfAgainstNeutral().getHedgesG() : Double.NaN);
    }
  }

  /**
   * A head among all candidates for patching.
   *
   * @param didMedian median difference-in-differences, nats
   * @param didConsistency share of pairs with the commoner sign
   * @param qValue Wilcoxon, Benjamini-Hochberg over all heads
   * @param compositeScore score of the rank
   * @param rank from 1
   */
  public record HeadDid(
      double didMedian, double didConsistency, double qValue, double compositeScore, int rank) {
    static HeadDid of(Candidate candidate) {
      return new HeadDid(
          candidate.getDidMedian(),
          candidate.getDidConsistency(),
          candidate.getQValue(),
          candidate.getCompositeScore(),
          candidate.getRank());
    }
  }

  private record Place(int layer, int head) {}

  /**
   * Puts the table together.
   *
   * @param ranked heads ranked; those that are not among them have no {@code did}
   * @param sweep heads patched by themselves
   */
  static Heads of(FinishedRun run, List<Candidate> ranked, Optional<PatchResults> sweep) {
    Map<Place, Candidate> candidates =
        ranked.stream()
            .collect(
                Collectors.toMap(
                    each -> new Place(each.getLayer(), each.getHead()), Function.identity()));
    Map<Place, PatchingScore> scores =
        sweep.map(PatchResults::getScores).stream()
            .flatMap(all -> all.getScoresList().stream())
            .collect(
                Collectors.toMap(
                    score -> new Place(score.getHeads(0).getLayer(), score.getHeads(0).getHead()),
                    Function.identity(),
                    (first, second) -> first));
    Map<String, List<LayerRoles>> models = models(run);
    List<LayerRoles> layers = models.values().iterator().next();
    List<HeadRow> rows = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      for (int head = 0; head < layers.get(layer).getHeadsCount(); head++) {
        Map<String, HeadPart> parts = new LinkedHashMap<>();
        for (Map.Entry<String, List<LayerRoles>> model : models.entrySet()) {
          parts.put(model.getKey(), HeadPart.of(model.getValue().get(layer).getHeads(head)));
        }
        Place place = new Place(layer, head);
        rows.add(
            new HeadRow(
                layer,
                head,
                parts,
                Optional.ofNullable(candidates.get(place)).map(HeadDid::of),
                Optional.ofNullable(scores.get(place)).map(HeadRecovery::of)));
      }
    }
    return new Heads(
        List.copyOf(models.keySet()), layers.size(), layers.getFirst().getHeadsCount(), rows);
  }

  private static Map<String, List<LayerRoles>> models(FinishedRun run) {
    Map<String, List<LayerRoles>> models = new LinkedHashMap<>();
    if (run.compares()) {
      List<LayerContrast> layers = run.results().getComparison().getLayersList();
      models.put(ModelPart.BASE, layers.stream().map(LayerContrast::getBase).toList());
      models.put(ModelPart.INSTRUCT, layers.stream().map(LayerContrast::getInstruct).toList());
    } else {
      models.put(ModelPart.SINGLE, run.results().getRoles().getLayersList());
    }
    return models;
  }
}
