package org.rolescope.inference.generate;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.forward.PositionInputs;
import org.rolescope.inference.intervene.ChangeInputs;
import org.rolescope.inference.intervene.Interventions;
import org.rolescope.inference.session.GraphChange;
import org.rolescope.inference.session.KeyValueCache;
import org.rolescope.inference.session.ModelResidency;
import org.rolescope.inference.session.OpenStage;
import org.rolescope.inference.session.StageFeed;
import org.rolescope.inference.session.StageTensor;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;

/**
 * A forward pass over one text that grows: every run takes the tokens that came, and keys and
 * values of those before from a cache. Sessions of resident stages are made at the first run and
 * stay to the end; those of streamed stages are made at each. Owns native memory; not for several
 * threads.
 */
final class CachedPass implements AutoCloseable {
  private static final String LOGITS = "logits";
  private static final String RESID_PRE = "resid_pre";
  private static final String RESID_POST = "resid_post";

  private final BundleManifest manifest;
  private final Interventions interventions;
  private final Runnable checkpoint;
  private final StageFeed feed;
  private final KeyValueCache cache;
  // By identity: stages are large records, and hashing each at every token takes time that shows.
  private final Map<Stage, OpenStage> kept = new IdentityHashMap<>();
  private final Map<Stage, ChangeInputs> changes = new IdentityHashMap<>();
  private int length;

  /**
   * A pass before the first token.
   *
   * @param feed lends all stages of the model, in order; taken over
   * @param manifest the model
   * @param interventions what to change, at every token
   * @param checkpoint called before each stage; may throw to end the pass
   */
  CachedPass(
      StageFeed feed, BundleManifest manifest, Interventions interventions, Runnable checkpoint) {
    this.feed = feed;
    this.manifest = manifest;
    this.interventions = interventions;
    this.checkpoint = checkpoint;
    this.cache = new KeyValueCache(manifest.dimensions());
  }

  /** Starts a pass over a bundle. */
  static CachedPass open(
      ModelResidency residency,
      Path bundle,
      BundleManifest manifest,
      Interventions interventions,
      Runnable checkpoint) {
    StageFeed feed = residency.lend(bundle, manifest, manifest.stages());
    return new CachedPass(feed, manifest, interventions, checkpoint);
  }

  /**
   * Runs the tokens that come next.
   *
   * @param tokenIds their ids, at least one
   * @return logits behind the last of them, [vocab]
   */
  float[] logits(List<Long> tokenIds) {
    if (length > 0) {
      feed.rewind();
    }
    try (PositionInputs positions = PositionInputs.of(manifest, length, tokenIds.size())) {
      Logits logits = new Logits(manifest.dimensions().vocabularySize());
      StageTensor last = runBlocks(tokenIds, positions);
      try (last) {
        manifest.stages().stream()
            .filter(stage -> stage.kind() == Stage.Kind.UNEMBED)
            .forEach(stage -> unembed(stage, last, logits));
      }
      length += tokenIds.size();
      return logits.all();
    }
  }

  @Override
  public void close() {
    try {
      kept.values().forEach(OpenStage::close);
      changes.values().forEach(ChangeInputs::close);
      cache.close();
    } finally {
      feed.close();
    }
  }

  /** From tokens to the residual stream at the last of them, [1, d_model]. */
  private StageTensor runBlocks(List<Long> tokenIds, PositionInputs positions) {
    StageTensor residual = null;
    try {
      for (Stage stage : manifest.stages()) {
        StageTensor before = residual;
        residual =
            switch (stage.kind()) {
              case EMBED -> embed(stage, tokenIds);
              case BLOCKS -> runBlock(stage, before, positions);
              case UNEMBED -> before;
              case MODEL -> throw new IllegalStateException("a whole model has no cache");
            };
        if (before != null && before != residual) {
          before.close();
        }
      }
      return residual.lastRows();
    } finally {
      if (residual != null) {
        residual.close();
      }
    }
  }

  private StageTensor embed(Stage stage, List<Long> tokenIds) {
    long[] ids = tokenIds.stream().mapToLong(Long::longValue).toArray();
    long[] places = LongStream.range(length, length + ids.length).toArray();
    try (Lent lent = lend(stage, Set.of());
        StageTensor tokens = StageTensor.ofLongs(ids, 1, ids.length);
        StageTensor positions = StageTensor.ofLongs(places, 1, ids.length)) {
      return lent.open.run(Map.of("input_ids", tokens, "position_ids", positions), cache);
    }
  }

  private StageTensor runBlock(Stage stage, StageTensor residual, PositionInputs positions) {
    Set<GraphChange> changed = interventions.changes(stage.firstLayer(), stage.lastLayer());
    Map<String, StageTensor> offered = new HashMap<>(positions.byName());
    offered.put(RESID_PRE, residual);
    offered.putAll(
        changes.computeIfAbsent(stage, _ -> interventions.inputs(changed, List.of(0))).byName());
    try (Lent lent = lend(stage, changed)) {
      return lent.open.run(offered, cache);
    }
  }

  private void unembed(Stage stage, StageTensor last, Logits logits) {
    try (Lent lent = lend(stage, Set.of());
        StageTensor part = lent.open.run(Map.of(RESID_POST, last), Set.of(LOGITS)).get(LOGITS)) {
      logits.add(part.copyBytes().order(ByteOrder.nativeOrder()).asFloatBuffer());
    }
  }

  private Lent lend(Stage stage, Set<GraphChange> changed) {
    checkpoint.run();
    OpenStage open = kept.get(stage);
    if (open != null) {
      feed.skip();
      return new Lent(open, true);
    }
    open = feed.nextContinuing(changed);
    if (open.isResident()) {
      kept.put(stage, open);
    }
    return new Lent(open, open.isResident());
  }

  /**
   * A stage for one run.
   *
   * @param open the stage
   * @param stays whether it is needed again
   */
  private record Lent(OpenStage open, boolean stays) implements AutoCloseable {
    @Override
    public void close() {
      if (!stays) {
        open.close();
      }
    }
  }

  /** Logits of one position, put together from parts of the vocabulary. */
  private static final class Logits {
    private final float[] all;
    private int filled;

    private Logits(int vocabularySize) {
      all = new float[vocabularySize];
    }

    private void add(FloatBuffer part) {
      int count = part.remaining();
      if (count <= all.length - filled) {
        part.get(all, filled, count);
      }
      filled += count;
    }

    private float[] all() {
      if (filled != all.length) {
        throw new RolescopeException(
            FaultCode.MALFORMED_MODEL,
            "The unembedding gives logits for %d tokens but the vocabulary has %d; export the model again"
                .formatted(filled, all.length));
      }
      for (float logit : all) {
        if (!Float.isFinite(logit)) {
          throw new RolescopeException(
              FaultCode.MALFORMED_MODEL,
              "The model gives %s as a logit, so it cannot go on; measure it in float32, or take a whole copy of its checkpoint"
                  .formatted(logit));
        }
      }
      return all;
    }
  }
}
