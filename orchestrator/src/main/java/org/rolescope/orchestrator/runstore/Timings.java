package org.rolescope.orchestrator.runstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.rolescope.orchestrator.json.Json;

/**
 * {@code timings.json}: when each part of a run was worked on and how long it took, a session for
 * every start. All times of a run are in this file and in no other. Not thread-safe.
 */
public final class Timings {
  private final Path file;
  private final ObjectNode root;
  private final ObjectNode session;
  private final ArrayNode steps;
  private long sinceNanos = System.nanoTime();

  private Timings(Path file, ObjectNode root) {
    this.file = file;
    this.root = root;
    session = root.withArray("sessions").addObject();
    session.put("started_at", Instant.now().toString());
    steps = session.putArray("steps");
  }

  /** Opens a new session behind those the file holds; a damaged file is begun anew. */
  public static Timings open(Path file) {
    return new Timings(file, earlier(file));
  }

  /** When a run was first started, RFC 3339; nothing where its times are lost. */
  public static Optional<String> firstStarted(Path file) {
    String first = earlier(file).path("sessions").path(0).path("started_at").asText();
    return Optional.of(first).filter(time -> !time.isEmpty());
  }

  /** A step was finished; it is charged with the time since the one before. */
  public void finished(String step) {
    long now = System.nanoTime();
    ObjectNode entry = steps.addObject();
    entry.put("step", step);
    entry.put("finished_at", Instant.now().toString());
    entry.put("seconds", Duration.ofNanos(now - sinceNanos).toMillis() / 1000.0);
    sinceNanos = now;
    write();
  }

  /** The session is over. */
  public void ended(String outcome) {
    session.put("ended_at", Instant.now().toString());
    session.put("outcome", outcome);
    write();
  }

  private void write() {
    AtomicFiles.write(file, out -> Json.pretty(out, root));
  }

  private static ObjectNode earlier(Path file) {
    try {
      JsonNode read = Json.read(Files.readAllBytes(file));
      if (read.path("sessions").isArray()) {
        return (ObjectNode) read;
      }
    } catch (IOException absentOrDamaged) {
      // Times are a convenience; no run fails for them.
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schema_version", 1);
    return root;
  }
}
