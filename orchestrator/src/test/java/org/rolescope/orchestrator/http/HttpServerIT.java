package org.rolescope.orchestrator.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.netty.NettyEmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.orchestrator.config.OrchestratorServices;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.testing.Bench;
import org.rolescope.orchestrator.testing.LargeRun;
import org.rolescope.orchestrator.testing.Plans;

/** The server itself, below a prefix, over fakes: a live run, and how soon it answers. */
final class HttpServerIT {
  private static final String PREFIX = "/look/here";
  private static final int REQUESTS = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path root;
  private Bench bench;
  private ApplicationContext context;
  private NettyEmbeddedServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void serve() {
    bench = new Bench(root.resolve("bench"));
    context =
        ApplicationContext.run(
            Map.of(
                "rolescope.orchestrator.enabled",
                "true",
                "rolescope.orchestrator.http.enabled",
                "true",
                "rolescope.orchestrator.inference",
                bench.address().text(),
                "rolescope.orchestrator.metrics",
                bench.address().text(),
                "rolescope.orchestrator.runs-directory",
                root.resolve("runs").toString(),
                "micronaut.server.host",
                "127.0.0.1",
                "micronaut.server.port",
                "-1",
                "micronaut.server.context-path",
                PREFIX));
    server = context.getBean(NettyEmbeddedServer.class);
    server.start();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop();
    context.close();
    bench.close();
  }

  @Test
  void everythingLiesBelowThePrefix() throws IOException, InterruptedException {
    assertEquals(200, get("/").statusCode());
    assertEquals(200, get("/vendor/echarts.esm.min.mjs").statusCode());
    assertEquals(200, get("/api/v1/runs").statusCode());
    HttpRequest outside =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/api/v1/runs".formatted(server.getPort())))
            .build();
    assertEquals(404, client.send(outside, HttpResponse.BodyHandlers.discarding()).statusCode());
  }

  @Test
  void tellsOfEveryStepOfARun() throws IOException, InterruptedException {
    bench.trouble().holdAfter(2);
    RunId id =
        context.getBean(OrchestratorServices.class).runs().start(Plans.comparing(), false).id();
    assertEquals(409, get("/api/v1/runs/" + id + "/layers").statusCode());
    HttpResponse<Stream<String>> events =
        client.send(request("/api/v1/runs/" + id + "/events"), HttpResponse.BodyHandlers.ofLines());
    Iterator<String> lines = events.body().iterator();
    assertEquals("event: progress", lines.next());
    assertTrue(lines.next().contains("\"state\":\"running\""));
    bench.trouble().letGo();
    List<String> rest = new ArrayList<>();
    lines.forEachRemaining(rest::add);
    List<String> names = rest.stream().filter(line -> line.startsWith("event:")).toList();
    assertEquals("event: end", names.getLast(), rest::toString);
    assertTrue(names.size() > 10, rest::toString);
    assertTrue(
        rest.stream().anyMatch(line -> line.contains("\"state\":\"complete\"")), rest::toString);
  }

  @Test
  void answersSoonFromAWarmStore() throws IOException, InterruptedException {
    RunId id = LargeRun.write(root.resolve("runs"), bench).id();
    String run = "/api/v1/runs/" + id;
    for (String path :
        List.of(
            "/api/v1/runs",
            run,
            run + "/layers",
            run + "/categories",
            run + "/heads",
            run + "/heads/31/31/entropies",
            run + "/key-attention",
            run + "/patterns/instruct/0/31/119",
            run + "/candidates",
            "/api/v1/versions")) {
      long cold = millis(path);
      long[] warm = new long[REQUESTS];
      for (int index = 0; index < REQUESTS; index++) {
        warm[index] = millis(path);
      }
      Arrays.sort(warm);
      System.out.printf(
          "32 x 32 x 120: %-22s first %5d ms, p50 %3d ms, p95 %3d ms%n",
          path.replace(id.text(), "{id}").replace("/api/v1/", ""),
          cold,
          warm[REQUESTS / 2],
          warm[REQUESTS * 95 / 100]);
    }
  }

  private long millis(String path) throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<byte[]> response = get(path);
    long taken = (System.nanoTime() - start) / 1_000_000;
    assertEquals(200, response.statusCode(), text(response));
    return taken;
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return client.send(request(path), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d%s%s".formatted(server.getPort(), PREFIX, path)))
        .timeout(PATIENCE)
        .build();
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
