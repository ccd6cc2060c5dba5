package org.rolescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.cli.CommandProcess.Outcome;

/** The dashboard's server over a demo run, as a browser sees it. */
@Timeout(600)
final class HttpApiIT {
  private static final int LAYERS = 6;
  private static final int HEADS = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static CommandProcess server;
  private static HttpClient client;
  private static String run;

  @BeforeAll
  static void serveADemo() throws IOException, InterruptedException {
    Outcome demo =
        CommandProcess.run(folder, "demo", "--no-serve", "--data", "data", "--resamples", "200");
    assertThat(demo.exitCode()).as(demo.err()).isZero();
    server =
        CommandProcess.serve(folder, new String[0], "dashboard", "--data", "data", "--port", "0");
    client = HttpClient.newHttpClient();
    run = "/api/v1/runs/" + json("/api/v1/runs").at("/items/0/id").asText();
  }

  @AfterAll
  static void stop() {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void listsAndDescribesTheRun() throws IOException, InterruptedException {
    JsonNode list = json("/api/v1/runs?family=demo&state=complete&page_size=1");
    assertThat(list.at("/items")).hasSize(1);
    assertThat(list.at("/items/0/measured_at").asText()).isNotEmpty();
    assertThat(list.get("next_page_token").isNull()).isTrue();
    assertThat(json("/api/v1/runs?state=failed").at("/items")).isEmpty();
    JsonNode detail = json(run);
    assertThat(detail.at("/run/state").asText()).isEqualTo("complete");
    assertThat(detail.at("/models")).hasSize(2);
    assertThat(detail.at("/prompts")).hasSize(120);
    assertThat(detail.at("/verdict")).isNotEmpty();
    assertThat(detail.at("/confounds").isObject()).isTrue();
    assertThat(detail.at("/options").has("categories")).isFalse();
    for (JsonNode artifact : detail.at("/artifacts")) {
      HttpResponse<byte[]> file = get("/" + artifact.get("href").asText());
      assertThat(file.statusCode()).isEqualTo(200);
      assertThat(file.body()).hasSize(artifact.get("size_bytes").asInt());
    }
  }

  @Test
  void givesEverythingTheRunFound() throws IOException, InterruptedException {
    assertThat(json(run + "/layers").at("/layers")).hasSize(LAYERS);
    JsonNode categories = json(run + "/categories?entropy=sink_excluded");
    assertThat(categories.get("entropy").asText()).isEqualTo("sink_excluded");
    assertThat(categories.at("/rows")).hasSize(2 * LAYERS * 4);
    assertThat(categories.at("/differences")).hasSize(2 * LAYERS * 2);
    JsonNode heads = json(run + "/heads");
    assertThat(heads.at("/heads")).hasSize(LAYERS * HEADS);
    assertThat(heads.at("/heads/0/did/rank").asInt()).isPositive();
    assertThat(heads.at("/heads/0/patching/denoising/value").isNumber()).isTrue();
    assertThat(json(run + "/heads/5/7/entropies").at("/parts/instruct")).hasSize(120);
    assertThat(json(run + "/key-attention?layers=0,5").at("/rows")).hasSize(2 * 2 * HEADS * 4);
    JsonNode candidates = json(run + "/candidates?top_k=5");
    assertThat(candidates.at("/candidates")).hasSize(5);
    assertThat(candidates.at("/candidates/0/wilcoxon_p_value").isNumber()).isTrue();
    assertThat(candidates.at("/candidates/0/ablation/divergences")).hasSize(4);
    assertThat(candidates.at("/candidates/0/patching/verdict").asText()).isNotEmpty();
    assertThat(candidates.at("/causes/verdict").asText()).contains("Of 10 candidates");
    assertThat(json(run + "/interventions").at("/items")).hasSize(1);
    assertThat(json(run + "/patching").at("/items")).hasSize(2);
    assertThat(json("/api/v1/versions").at("/families/0/versions")).hasSize(2);
    assertThat(json("/api/v1/cross-model").at("/series")).hasSize(2);
  }

  @Test
  void aPatternHasRowsThatAreDistributions() throws IOException, InterruptedException {
    JsonNode pattern = json(run + "/patterns/instruct/1/2/3");
    int size = pattern.get("size").asInt();
    assertThat(pattern.get("tokens")).hasSize(size);
    float[] values = new float[size * size];
    ByteBuffer.wrap(Base64.getDecoder().decode(pattern.get("pattern").asText()))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    for (int query = 0; query < size; query++) {
      double sum = 0;
      for (int key = 0; key < size; key++) {
        sum += values[query * size + key];
      }
      assertThat(sum).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/runs/x, 400",
    "/api/v1/runs/demo-000000000000, 404",
    "/api/v1/runs/demo-000000000000/heads, 404",
    "/api/v1/runs/demo-000000000000/events, 404",
    "/api/v1/runs?page_size=0, 400",
    "/api/v1/runs?page_size=x, 400",
    "/api/v1/runs?page_token=x, 400",
    "/api/v1/runs?state=x, 400",
    "RUN/heads/99/0/entropies, 404",
    "RUN/patterns/other/0/0/0, 404",
    "RUN/patterns/base/0/0/x, 400",
    "RUN/patterns/base/0/0/120, 404",
    "RUN/categories?entropy=x, 400",
    "RUN/key-attention?layers=x, 400",
    "RUN/candidates?top_k=-1, 400",
    "RUN/artifacts/plan.json, 404",
    "RUN/artifacts/..%2Fplan.json, 404",
    "/api/v1/cross-model?statistic=x, 400",
    "/api/v1/nothing, 404",
    "/src/nothing.js, 404",
    "/..%2f..%2fetc%2fpasswd, 404"
  })
  void saysWhatIsWrong(String path, int status) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = get(path.replace("RUN", run));
    String body = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(body).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    JsonNode problem = JSON.readTree(body);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("detail").asText()).isNotEmpty().doesNotContain("Exception", "\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"RUN/heads", "RUN", "/api/v1/versions", "/", "/vendor/echarts.esm.min.mjs"})
  void whoeverHasItNeedNotFetchItAgain(String path) throws IOException, InterruptedException {
    String asked = path.replace("RUN", run);
    String tag = get(asked).headers().firstValue("etag").orElseThrow();
    HttpResponse<byte[]> again = get(asked, "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    HttpResponse<byte[]> zipped = get(asked, "Accept-Encoding", "gzip");
    assertThat(zipped.statusCode()).isEqualTo(200);
    assertThat(zipped.headers().firstValue("etag")).hasValue(tag);
    if (zipped.body().length > 1024) {
      assertThat(zipped.headers().firstValue("content-encoding")).hasValue("gzip");
      assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
          .isEqualTo(get(asked).body());
    }
  }

  @Test
  void thePageMayDoLittle() throws IOException, InterruptedException {
    HttpResponse<byte[]> page = get("/", "Accept", "text/html,*/*;q=0.8");
    assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(page.headers().firstValue("referrer-policy")).hasValue("no-referrer");
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'; script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
  }

  @Test
  void aCompleteRunEndsItsEventsAtOnce() throws IOException, InterruptedException {
    HttpResponse<byte[]> events = get(run + "/events", "Accept", "text/event-stream");
    String body = new String(events.body(), StandardCharsets.UTF_8);
    assertThat(events.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(body).contains("event: end").contains("\"state\":\"complete\"");
  }

  @Test
  void everyRouteIsDescribed() throws IOException, InterruptedException {
    String description = new String(get("/api/v1/openapi.yaml").body(), StandardCharsets.UTF_8);
    for (String route :
        List.of(
            "runs",
            "runs/{id}",
            "runs/{id}/events",
            "runs/{id}/artifacts/{path}",
            "runs/{id}/layers",
            "runs/{id}/categories",
            "runs/{id}/heads",
            "runs/{id}/heads/{layer}/{head}/entropies",
            "runs/{id}/key-attention",
            "runs/{id}/patterns/{part}/{layer}/{head}/{prompt}",
            "runs/{id}/candidates",
            "runs/{id}/interventions",
            "runs/{id}/patching",
            "versions",
            "cross-model",
            "openapi.yaml")) {
      assertThat(description).contains("\n  /api/v1/" + route + ":\n");
    }
  }

  private static JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = get(path);
    String body = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(path + ": " + body).isEqualTo(200);
    assertThat(body).doesNotContain("NaN");
    return JSON.readTree(body);
  }

  private static HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + server.address() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
