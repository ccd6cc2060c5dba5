package org.rolescope.orchestrator.patch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.v1.CausalVerdict;
import org.rolescope.v1.PatchedHeads;
import org.rolescope.v1.PatchingEndpoints;
import org.rolescope.v1.PatchingOptions;
import org.rolescope.v1.ScorePatchingRequest;
import org.rolescope.v1.ScorePatchingResponse;

/**
 * Has patches scored by the metrics service, from what the sweeps kept.
 *
 * @param work what was patched
 * @param metrics who scores
 */
record PatchScores(PatchWork work, MetricsClient metrics) {
  /** What a gRPC server takes in one message where nobody says otherwise. */
  private static final int MAX_MESSAGE_BYTES = 4 << 20;

  PatchScores {
    requireNonNull(work, "work is null");
    requireNonNull(metrics, "metrics is null");
  }

  /**
   * Checks, before anything is patched, that the candidates can be scored in one call. Their
   * q-values are over all of them, so they cannot be scored in parts.
   *
   * @throws org.rolescope.fault.RolescopeException RESOURCE_EXHAUSTED where they cannot
   */
  void checkSize() {
    if (work.isSweep()) {
      return;
    }
    List<Double> measures = new ArrayList<>();
    for (int pair = 0; pair < work.pairs(); pair++) {
      measures.add(0.0);
    }
    long sizeBytes =
        ScorePatchingRequest.newBuilder()
            .addAllCandidates(empty(work.candidates(), measures))
            .addAllRandomHeads(empty(work.allRandomSets(), measures))
            .build()
            .getSerializedSize();
    // Options and endpoints, as large as a few sets.
    long wholeBytes = sizeBytes + 4L * Double.BYTES * work.pairs() + 256;
    if (wholeBytes > MAX_MESSAGE_BYTES) {
      throw PatchFaults.tooLarge(
          work.candidates().size() + work.allRandomSets().size(),
          work.pairs(),
          wholeBytes,
          MAX_MESSAGE_BYTES);
    }
  }

  /** Scores the candidates against the random sets. */
  ScorePatchingResponse candidates(PatchFiles files) {
    Measured measured = new Measured(files);
    if (work.isSweep()) {
      return withoutVerdicts(inParts(measured, work.candidates(), work.plan().getOptions()));
    }
    return metrics.scorePatching(
        measured
            .request(work.plan().getOptions())
            .addAllCandidates(measured.patched(work.candidates()))
            .addAllRandomHeads(measured.patched(work.allRandomSets()))
            .build());
  }

  /** Scores the random sets, each by itself; of their recoveries only the values are meant. */
  ScorePatchingResponse randomSets(PatchFiles files) {
    PatchingOptions options = work.plan().getOptions().toBuilder().setBootstrapResamples(1).build();
    return inParts(new Measured(files), work.allRandomSets(), options);
  }

  /**
   * A place that was compared with nothing cannot be called causal, so it must not be called a
   * correlate only for want of that.
   */
  private static ScorePatchingResponse withoutVerdicts(ScorePatchingResponse sweep) {
    ScorePatchingResponse.Builder scores = sweep.toBuilder();
    scores
        .getScoresBuilderList()
        .forEach(
            score ->
                score
                    .setVerdict(CausalVerdict.CAUSAL_VERDICT_UNDECIDED)
                    .setExplanation(
                        "Layer %d head %d: undecided; a sweep compares with no random heads."
                            .formatted(score.getHeads(0).getLayer(), score.getHeads(0).getHead())));
    return scores.build();
  }

  /**
   * Without random sets a score follows from its own patch alone, so any number of calls gives the
   * same.
   */
  private ScorePatchingResponse inParts(
      Measured measured, List<PlaceSet> sets, PatchingOptions options) {
    ScorePatchingResponse.Builder all = ScorePatchingResponse.newBuilder().setOptions(options);
    ScorePatchingRequest.Builder part = measured.request(options);
    int partBytes = part.build().getSerializedSize();
    for (PatchedHeads patched : measured.patched(sets)) {
      // With room for the tag and the length of the field.
      int sizeBytes = patched.getSerializedSize() + 2 * Long.BYTES;
      if (part.getCandidatesCount() > 0 && partBytes + sizeBytes > MAX_MESSAGE_BYTES) {
        all.addAllScores(metrics.scorePatching(part.build()).getScoresList());
        part.clearCandidates();
        partBytes = part.build().getSerializedSize();
      }
      part.addCandidates(patched);
      partBytes += sizeBytes;
    }
    if (part.getCandidatesCount() > 0) {
      all.addAllScores(metrics.scorePatching(part.build()).getScoresList());
    }
    return all.build();
  }

  private List<PatchedHeads> empty(List<PlaceSet> sets, List<Double> measures) {
    List<Double> noised = work.plan().getSkipNoising() ? List.of() : measures;
    return sets.stream()
        .map(
            set ->
                PatchedHeads.newBuilder()
                    .addAllHeads(set.sites())
                    .addAllDenoised(measures)
                    .addAllNoised(noised)
                    .build())
        .toList();
  }

  /** What the sweeps kept. */
  private final class Measured {
    private final Map<Direction, Map<PlaceSet, List<Double>>> measures =
        new EnumMap<>(Direction.class);
    private final Map<Direction, PatchingEndpoints> endpoints = new EnumMap<>(Direction.class);

    private Measured(PatchFiles files) {
      for (Direction direction : Direction.of(work.plan())) {
        measures.put(direction, files.measures(work.units(direction)));
        endpoints.put(direction, files.readEndpoints(direction));
      }
    }

    private ScorePatchingRequest.Builder request(PatchingOptions options) {
      ScorePatchingRequest.Builder request =
          ScorePatchingRequest.newBuilder()
              .setOptions(options)
              .setDenoising(endpoints.get(Direction.DENOISING));
      if (endpoints.containsKey(Direction.NOISING)) {
        request.setNoising(endpoints.get(Direction.NOISING));
      }
      return request;
    }

    private List<PatchedHeads> patched(List<PlaceSet> sets) {
      return sets.stream().map(this::patched).toList();
    }

    private PatchedHeads patched(PlaceSet set) {
      PatchedHeads.Builder patched =
          PatchedHeads.newBuilder()
              .addAllHeads(set.sites())
              .addAllDenoised(measures.get(Direction.DENOISING).get(set));
      if (measures.containsKey(Direction.NOISING)) {
        patched.addAllNoised(measures.get(Direction.NOISING).get(set));
      }
      return patched.build();
    }
  }
}
