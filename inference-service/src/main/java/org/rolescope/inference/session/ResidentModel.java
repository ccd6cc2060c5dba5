package org.rolescope.inference.session;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.Stage;

/**
 * A model as it stays between requests: its graphs, and the sessions of those stages whose weights
 * fit the budget. {@link ModelResidency} counts who uses it, under its lock.
 */
final class ResidentModel {
  private final Path bundle;
  private final BundleManifest manifest;
  private final Execution execution;
  private final Map<Stage, RunnableGraph> graphs = new ConcurrentHashMap<>();
  private final Map<Stage, StageSession> sessions = new ConcurrentHashMap<>();
  private final Set<Stage> staying = ConcurrentHashMap.newKeySet();

  /** Sessions of stages that stay, for continuing texts. */
  private final Map<Stage, StageSession> continuing = new ConcurrentHashMap<>();

  private long reservedBytes;
  private int users;
  private boolean retired;

  ResidentModel(Path bundle, BundleManifest manifest, Execution execution) {
    this.bundle = bundle;
    this.manifest = manifest;
    this.execution = execution;
  }

  Path bundle() {
    return bundle;
  }

  BundleManifest manifest() {
    return manifest;
  }

  /** How its stages are run. */
  Execution execution() {
    return execution;
  }

  /** The graph of a stage, read once. */
  RunnableGraph graph(Stage stage) {
    return graphs.computeIfAbsent(
        stage, unread -> RunnableGraph.read(bundle, unread, execution.computeType()));
  }

  /** Most memory the weights of a stage take once it is loaded, bytes. */
  long settledBytes(Stage stage) {
    return switch (stage.kind()) {
      // Only there can a table be left on disk, which makes all the difference; its graph tells.
      case EMBED -> StageLayout.of(graph(stage), stage).settledBytes();
      case BLOCKS, UNEMBED -> StageLayout.largestSettledBytes(stage);
      case MODEL -> graph(stage).ownBytes();
    };
  }

  /** Whether the session of a stage stays between requests. */
  boolean stays(Stage stage) {
    return staying.contains(stage);
  }

  /** Whether the session of a stage is there. */
  boolean isLoaded(Stage stage) {
    return sessions.containsKey(stage);
  }

  /** The session of a stage that stays, loaded by whoever comes first. */
  StageSession session(Stage stage, Supplier<StageSession> load) {
    return sessions.computeIfAbsent(stage, _ -> load.get());
  }

  /** The session of a stage that stays for continuing texts, made by whoever comes first. */
  StageSession continuing(StageSession session) {
    return continuing.computeIfAbsent(
        session.stage(), _ -> session.continuing(Set.of(), NativeHandles.Scope.RESIDENT));
  }

  /** Memory the stages that stay may take, bytes. */
  long reservedBytes() {
    return reservedBytes;
  }

  /** Says which stages stay; never fewer than before. */
  void reserve(Set<Stage> stages) {
    staying.addAll(stages);
    reservedBytes = staying.stream().mapToLong(this::settledBytes).sum();
  }

  boolean isIdle() {
    return users == 0;
  }

  void use() {
    users++;
  }

  /** One user less; the last one of a retired model closes it. */
  void leave() {
    users--;
    closeIfDone();
  }

  /** Nobody may use it any more; closes it once nobody does. */
  void retire() {
    retired = true;
    closeIfDone();
  }

  private void closeIfDone() {
    if (retired && users == 0) {
      continuing.values().stream()
          .filter(session -> !sessions.containsValue(session))
          .forEach(StageSession::close);
      continuing.clear();
      sessions.values().forEach(StageSession::close);
      sessions.clear();
    }
  }
}
