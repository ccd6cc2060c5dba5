package org.rolescope.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rolescope.cli.CommandProcess;
import org.rolescope.cli.CommandProcess.Outcome;
import org.rolescope.cli.FileTrees;

/** A demo run and the dashboard that serves it, as a process of its own. */
final class DemoDashboard implements AutoCloseable {
  private final Path folder;
  private final CommandProcess server;
  private final String run;

  private DemoDashboard(Path folder, CommandProcess server, String run) {
    this.folder = folder;
    this.server = server;
    this.run = run;
  }

  static DemoDashboard make() {
    try {
      Path folder = Files.createTempDirectory("rolescope-dashboard");
      Outcome demo = CommandProcess.run(folder, "demo", "--data", "data", "--no-serve");
      assertThat(demo.exitCode()).as(demo.err()).isZero();
      CommandProcess server = serve(folder);
      DemoDashboard made = new DemoDashboard(folder, server, "");
      String run = made.api("runs").get("items").get(0).get("id").asText();
      return new DemoDashboard(folder, server, run);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the demo ran", interrupted);
    }
  }

  /** Serves the run store in a folder on a free port. */
  static CommandProcess serve(Path folder) throws IOException {
    return CommandProcess.serve(
        folder, new String[] {"--port", "0", "--data", "data"}, "dashboard");
  }

  /** Address of the dashboard, ending in a slash. */
  String base() {
    return "http://" + server.address() + "/";
  }

  /** The demo's run. */
  String run() {
    return run;
  }

  /** The folder whose {@code data} is served. */
  Path folder() {
    return folder;
  }

  /** What the API says, by a path after {@code /api/v1/}. */
  JsonNode api(String path) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(base() + "api/v1/" + path)).build();
      return new ObjectMapper().readTree(client.send(request, BodyHandlers.ofString()).body());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking for " + path, interrupted);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    FileTrees.delete(folder);
  }
}
