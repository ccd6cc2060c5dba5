package org.rolescope.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every view of the dashboard over a demo: what its charts hold is what the API says. */
@Timeout(600)
@ExtendWith(DashboardExtension.class)
final class ViewsIT {
  private static final int LAYERS = 6;
  private static final int HEADS = 8;

  private final DemoDashboard dashboard;
  private final TestBrowser browser;
  private Visit visit;

  ViewsIT(DemoDashboard dashboard, TestBrowser browser) {
    this.dashboard = dashboard;
    this.browser = browser;
  }

  @BeforeEach
  void openPage() {
    visit = browser.visit(dashboard.base());
  }

  @AfterEach
  void nothingWentWrong() {
    assertThat(visit.noise()).isEmpty();
    visit.close();
  }

  @Test
  void theListOfRunsIsTheStart() {
    visit.open("");
    assertThat(visit.page().locator("h1").textContent()).isEqualTo("Runs");
    visit.page().locator("tbody a").first().click();
    visit.page().locator("h1:text('" + dashboard.run() + "')").waitFor();
    assertThat(visit.route()).isEqualTo("#/runs/" + dashboard.run());
  }

  @Test
  void aRunHasItsElevenFigures() {
    visit.open("#/runs/" + dashboard.run());
    assertThat(visit.charts("#comparison")).hasSize(2);
    List<Locator> own = visit.charts("#figures");
    assertThat(own).hasSize(9);
    for (Locator chart : own) {
      assertThat(marks(visit.series(chart))).as(chart.getAttribute("aria-label")).isPositive();
    }
    assertThat(visit.page().locator(".verdict p").allTextContents())
        .anyMatch(text -> text.startsWith("RFC from base to instruct"));
    assertThat(visit.page().locator(".confounds").textContent()).contains("balanced");
  }

  @Test
  void linesOfEntropyAreThoseOfTheApi() {
    JsonNode rows = run("categories?entropy=exact").get("rows");
    visit.open("#/runs/" + dashboard.run() + "?part=base");
    JsonNode series = visit.series(visit.chart("1. Entropy by layer"));
    int lines = 0;
    for (JsonNode one : series) {
      if (one.get("type").asText().equals("line")) {
        lines++;
        List<Double> expected = new ArrayList<>();
        for (JsonNode row : rows) {
          if (row.get("part").asText().equals("base")
              && row.get("category").asText().replace('_', '-').equals(one.get("name").asText())) {
            expected.add(row.get("mean").asDouble());
          }
        }
        assertThat(numbers(one.get("data"))).hasSize(LAYERS).isEqualTo(expected);
      }
    }
    assertThat(lines).isEqualTo(4);
  }

  @Test
  void barsOfDifferencesAreThoseOfTheApi() {
    JsonNode layers = run("layers").get("layers");
    visit.open("#/runs/" + dashboard.run());
    JsonNode series = visit.series(visit.chart("RFC and RSI, instruct minus base"));
    List<Double> bars = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      for (JsonNode one : series) {
        if (one.get("type").asText().equals("bar") && one.get("data").get(layer).isNumber()) {
          bars.add(one.get("data").get(layer).asDouble());
        }
      }
    }
    List<Double> expected = new ArrayList<>();
    for (JsonNode layer : layers) {
      for (String index : List.of("rfc", "rsi")) {
        expected.add(
            layer.get("difference").get(index).get("ratio_of_sums").get("value").asDouble());
      }
    }
    assertThat(bars).hasSize(2 * LAYERS).isEqualTo(expected);
  }

  @Test
  void theMapHoldsEveryHead() {
    JsonNode heads = run("heads").get("heads");
    visit.open("#/runs/" + dashboard.run() + "/heads?value=rfc&part=base");
    JsonNode cells = visit.series(visit.charts("#head-map").getFirst()).get(0).get("data");
    assertThat(cells).hasSize(LAYERS * HEADS);
    for (int i = 0; i < cells.size(); i++) {
      JsonNode cell = cells.get(i).isArray() ? cells.get(i) : cells.get(i).get("value");
      JsonNode head = heads.get(i);
      assertThat(cell.get(0).asInt()).isEqualTo(head.get("head").asInt());
      assertThat(cell.get(1).asInt()).isEqualTo(head.get("layer").asInt());
      assertThat(cell.get(2).asDouble())
          .isEqualTo(head.get("parts").get("base").get("rfc").asDouble());
    }
  }

  @Test
  void tablesBehindChartsHoldTheSameNumbers() {
    visit.open("#/runs/" + dashboard.run() + "/heads?value=did");
    visit.page().locator("#head-map ~ div summary").click();
    Locator cells = visit.page().locator("#head-map ~ div td");
    cells.first().waitFor();
    assertThat(cells.count()).isEqualTo(LAYERS * HEADS);
    double did = run("heads").get("heads").get(0).get("did").get("did_median").asDouble();
    assertThat(Double.parseDouble(cells.first().textContent().replace('−', '-')))
        .isCloseTo(did, Offset.offset(5e-5));
  }

  @Test
  void candidatesSortAndLeadToTheirHead() {
    JsonNode candidates = run("candidates?top_k=20").get("candidates");
    visit.open("#/runs/" + dashboard.run() + "/candidates");
    Locator rows = visit.page().locator("#candidates tbody tr");
    assertThat(rows.count()).isEqualTo(candidates.size());
    Locator chart = visit.charts("main").getFirst();
    assertThat(marks(visit.series(chart))).isGreaterThanOrEqualTo(candidates.size());

    Locator sort = visit.page().locator("[data-column=q]");
    sort.click();
    assertThat(visit.route()).contains("sort=q&order=ascending");
    awaitSorted("ascending");
    assertThat(numbersOf(rows, 4)).isSorted();
    sort.click();
    awaitSorted("descending");
    assertThat(numbersOf(rows, 4)).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    visit.page().goBack();
    awaitSorted("ascending");
    assertThat(numbersOf(rows, 4)).isSorted();

    String name = rows.first().locator("a").textContent();
    rows.first().locator("a").click();
    visit.settle();
    assertThat(visit.page().locator(".head h2").first().textContent())
        .isEqualTo("Layer %s, head %s".formatted((Object[]) name.split("\\.")));
  }

  /** The address changes at once, the table when the page has heard of it. */
  private void awaitSorted(String order) {
    visit.page().locator("#candidates th[aria-sort=" + order + "]:has([data-column=q])").waitFor();
  }

  @Test
  void versionsAreThoseOfTheApi() {
    JsonNode versions = dashboard.api("versions").get("families").get(0).get("versions");
    visit.open("#/versions?index=rsi");
    JsonNode series = visit.series(visit.charts("main").getFirst());
    List<Double> means = new ArrayList<>();
    versions.forEach(version -> means.add(version.get("mean").get("rsi").asDouble()));
    assertThat(StreamSupport.stream(series.spliterator(), false))
        .anyMatch(one -> numbers(one.get("data")).equals(means));
    visit.page().locator("#choose-index").selectOption("rfc");
    visit.page().waitForURL(address -> address.contains("index=rfc"));
    assertThat(visit.page().locator("#choose-first option").count()).isEqualTo(versions.size());
  }

  @Test
  void crossModelShowsEveryFamily() {
    JsonNode said = dashboard.api("cross-model");
    visit.open("#/cross-model");
    assertThat(visit.charts("main")).hasSize(2);
    JsonNode first = said.get("series").get(0);
    List<Double> expected = new ArrayList<>();
    first.get("values").forEach(value -> expected.add(value.get("value").asDouble()));
    JsonNode drawn = visit.series(visit.charts("main").getFirst()).get(0).get("data");
    List<Double> values = new ArrayList<>();
    drawn.forEach(
        point -> values.add((point.isArray() ? point : point.get("value")).get(1).asDouble()));
    assertThat(values).isEqualTo(expected);
  }

  private JsonNode run(String view) {
    return dashboard.api("runs/" + dashboard.run() + "/" + view);
  }

  /** Number of data in all series of a chart. */
  private static int marks(JsonNode series) {
    int marks = 0;
    for (JsonNode one : series) {
      for (JsonNode datum : one.path("data")) {
        marks += datum.isNull() ? 0 : 1;
      }
    }
    return marks;
  }

  /** Plain numbers of a series; those in items with a style too. */
  private static List<Double> numbers(JsonNode data) {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode datum : data) {
      numbers.add((datum.isObject() ? datum.get("value") : datum).asDouble());
    }
    return numbers;
  }

  private static List<Double> numbersOf(Locator rows, int column) {
    return rows.locator("td, th").all().isEmpty()
        ? List.of()
        : rows.all().stream()
            .map(row -> row.locator("td, th").nth(column).textContent().replace('−', '-'))
            .map(Double::valueOf)
            .toList();
  }
}
