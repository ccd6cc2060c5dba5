package org.rolescope.orchestrator.view;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.artifacts.PatternArchive;
import org.rolescope.orchestrator.execute.RunStatus;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.report.FinishedRun;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.v1.Candidate;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.EntropyKind;

/**
 * The views of one complete run. Its folder and what lies beside it are read when they are first
 * needed, and kept; {@link #stamp} tells when a fresh look is due. Thread-safe.
 */
public final class RunViews {
  private final FinishedRun run;
  private final Ranker ranker;
  private final PatternSource patterns;
  private final MeasuredLayers measured;
  private RelatedWork work;

  private RunViews(FinishedRun run, Ranker ranker, PatternSource patterns) {
    this.run = requireNonNull(run, "run is null");
    this.ranker = requireNonNull(ranker, "ranker is null");
    this.patterns = requireNonNull(patterns, "patterns is null");
    measured = new MeasuredLayers(run);
  }

  /**
   * Opens the views of a run with what its folder holds: the first candidates of its own ranking,
   * and patterns where it kept them.
   *
   * @param run the run
   */
  public static RunViews open(FinishedRun run) {
    return new RunViews(run, Ranker.kept(run), new NoPatterns(run));
  }

  /**
   * Opens the views of the run in a folder.
   *
   * @param folder the folder
   * @throws RolescopeException NOT_FOUND where there is no complete run, DATA_LOSS where its files
   *     are damaged
   */
  public static RunViews open(Path folder) {
    return open(FinishedRun.read(folder));
  }

  /** The same run with heads ranked by this. */
  public RunViews withRanker(Ranker newRanker) {
    return new RunViews(run, newRanker, patterns);
  }

  /** The same run with patterns it did not keep made by this. */
  public RunViews withPatterns(PatternSource source) {
    return new RunViews(run, ranker, source);
  }

  /**
   * What changes when a run is measured again, or work beside it is done.
   *
   * @param folder folder of the run
   */
  public static List<String> stamp(Path folder) {
    List<String> stamp = new ArrayList<>(RelatedWork.stamp(folder));
    stamp.add(FileStamp.of(folder.resolve("results.json")));
    return stamp;
  }

  /** The run. */
  public FinishedRun run() {
    return run;
  }

  /** The parts of its models: base and instruct, or single. */
  public List<String> parts() {
    return List.copyOf(measured.parts().values());
  }

  /** What is known of the run beside its numbers. */
  public RunDetail detail() {
    return RunDetail.of(
        RunStatus.ofComplete(run.run(), run.folder().path()), run.run(), Optional.of(run));
  }

  /** RFC and RSI of every layer. */
  public Layers layers() {
    return Layers.of(run);
  }

  /**
   * Entropies of the categories.
   *
   * @throws RolescopeException INVALID_ARGUMENT where that kind was not measured
   */
  public Categories categories(EntropyKind kind) {
    return Categories.of(measured, kind, run.run().plan().roleSettings().roles());
  }

  /** Every head. */
  public Heads heads() {
    return Heads.of(run, ranked(), work().sweep());
  }

  /**
   * Exact entropies of one head.
   *
   * @throws RolescopeException NOT_FOUND where there is no such head
   */
  public HeadEntropies headEntropies(int layer, int head) {
    checkHead(layer, head);
    return HeadEntropies.of(measured, layer, head);
  }

  /**
   * Attention to the first and last keys.
   *
   * @param layers the layers; empty: all
   * @throws RolescopeException NOT_FOUND where there is no such layer
   */
  public KeyAttention keyAttention(List<Integer> layers) {
    layers.forEach(layer -> checkHead(layer, 0));
    return KeyAttention.of(
        measured,
        layers.isEmpty() ? IntStream.range(0, measured.layerCount()).boxed().toList() : layers);
  }

  /**
   * Heads ranked as candidates for patching.
   *
   * @param topK how many; 0: all that the ranker gives
   * @param kind kind of entropy the ranking rests on
   * @throws RolescopeException INVALID_ARGUMENT where the run compares nothing, or the heads cannot
   *     be ranked so
   */
  public Candidates candidates(int topK, EntropyKind kind) {
    if (!run.run().plan().ranksHeads()) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "Run %s has no candidates, which take two models and two prompts each of self and neutral; compare two models first"
              .formatted(run.run().id()));
    }
    return Candidates.of(
        ranker.rank(topK, kind), kind, work(), run.run().model(ModelSlot.RUN).getDigest());
  }

  /** What ablations of models of this run found. */
  public List<InterventionInfo> interventions() {
    return work().ablations().stream().map(InterventionInfo::of).toList();
  }

  /** What patching models of this run found. */
  public List<PatchingInfo> patching() {
    return work().patches().stream().map(PatchingInfo::of).toList();
  }

  /**
   * The attention pattern of one head on one prompt.
   *
   * @param part part of the model
   * @throws RolescopeException NOT_FOUND where there is no such part, layer, head or prompt; what
   *     the source of patterns ends with where the run did not keep them
   */
  public Pattern pattern(String part, int layer, int head, int prompt) {
    ModelSlot slot = slot(part);
    checkHead(layer, head);
    CaptureStarted started = Checkpoint.read(run.folder().started(slot), CaptureStarted.parser());
    if (prompt < 0 || prompt >= started.getPromptsCount()) {
      throw missing("prompt %d; it has %d".formatted(prompt, started.getPromptsCount()));
    }
    List<String> tokens = started.getPrompts(prompt).getTokensList();
    Path archive = run.folder().patterns(slot, layer);
    return Pattern.of(
        tokens,
        Files.exists(archive)
            ? PatternArchive.readHead(archive, prompt, head, measured.headCount(), tokens.size())
            : patterns.pattern(slot, layer, head, prompt, tokens.size()));
  }

  /**
   * An artifact of the run.
   *
   * @param path as {@link Artifact} has it
   * @throws RolescopeException NOT_FOUND where there is no such artifact
   */
  public Path artifact(String path) {
    Path file = run.folder().path().resolve(path);
    if (!Artifact.paths(run).contains(path) || !Files.isRegularFile(file)) {
      throw missing("artifact `%s`; its description lists those there are".formatted(path));
    }
    return file;
  }

  private List<Candidate> ranked() {
    return run.run().plan().ranksHeads()
        ? ranker.rank(0, EntropyKind.ENTROPY_KIND_REFERENCE).getCandidatesList()
        : List.of();
  }

  private synchronized RelatedWork work() {
    if (work == null) {
      work = RelatedWork.of(run);
    }
    return work;
  }

  private ModelSlot slot(String part) {
    return measured.parts().entrySet().stream()
        .filter(each -> each.getValue().equals(part))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () -> missing("part `%s`; it has %s".formatted(part, String.join(", ", parts()))));
  }

  private void checkHead(int layer, int head) {
    if (layer < 0 || layer >= measured.layerCount() || head < 0 || head >= measured.headCount()) {
      throw missing(
          "layer %d, head %d; it has %d layers of %d heads"
              .formatted(layer, head, measured.layerCount(), measured.headCount()));
    }
  }

  private RolescopeException missing(String what) {
    return new RolescopeException(
        FaultCode.NOT_FOUND, "Run %s has no %s".formatted(run.run().id(), what));
  }

  /** Says that there are none. */
  private record NoPatterns(FinishedRun run) implements PatternSource {
    @Override
    public byte[] pattern(ModelSlot slot, int layer, int head, int prompt, int tokenCount) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "Run %s kept no attention patterns; measure without skipping them, or ask a server that can run its models"
              .formatted(run.run().id()));
    }
  }
}
