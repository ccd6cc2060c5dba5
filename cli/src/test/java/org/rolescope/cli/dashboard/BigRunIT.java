package org.rolescope.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Views over what 32 layers of 32 heads on 120 prompts give, and patterns of 512 tokens. Times are
 * printed, not judged: they depend on what else the machine does.
 */
@Timeout(600)
@ExtendWith(DashboardExtension.class)
final class BigRunIT {
  /** Milliseconds from the last answer of the API to now. */
  private static final String SINCE_DATA =
      """
      () => performance.now() - Math.max(...performance.getEntriesByType('resource')
          .filter(({ name }) => name.includes('/api/v1/')).map(({ responseEnd }) => responseEnd))""";

  private static final String LONGEST_TASK = "() => Math.max(0, ...globalThis.longTasks)";
  private static final String WATCH =
      """
      globalThis.longTasks = [];
      new PerformanceObserver((list) => list.getEntries().forEach((task) => longTasks.push(task.duration)))
          .observe({ entryTypes: ['longtask'] });""";

  private final DemoDashboard dashboard;
  private final TestBrowser browser;
  private Visit visit;
  private Page page;

  BigRunIT(DemoDashboard dashboard, TestBrowser browser) {
    this.dashboard = dashboard;
    this.browser = browser;
  }

  @BeforeEach
  void openPage() {
    visit = browser.visit(dashboard.base());
    page = visit.page();
    page.addInitScript(WATCH);
    String folder = "**/api/v1/runs/" + dashboard.run();
    answer(folder + "/heads", BigRun.heads(dashboard.api("runs/" + dashboard.run() + "/heads")));
    answer(folder + "/layers", BigRun.layers(dashboard.api("runs/" + dashboard.run() + "/layers")));
    answer(
        folder + "/categories*",
        BigRun.categories(dashboard.api("runs/" + dashboard.run() + "/categories")));
    answer(
        folder + "/key-attention*",
        BigRun.keyAttention(dashboard.api("runs/" + dashboard.run() + "/key-attention?layers=0")));
    answer(folder + "/heads/*/*/entropies", BigRun.entropies());
    answer(folder + "/patterns/**", BigRun.pattern());
  }

  @AfterEach
  void nothingWentWrong() {
    assertThat(visit.noise()).isEmpty();
    visit.close();
  }

  @Test
  void theMapOfHeadsIsThereInTime() {
    visit.open("#/runs/" + dashboard.run() + "/heads");
    Locator map = visit.charts("#head-map").getFirst();
    double drawn = number(SINCE_DATA);
    assertThat(visit.series(map).get(0).get("data")).hasSize(BigRun.LAYERS * BigRun.HEADS);
    print(
        "heads",
        Map.of("map of 1,024 heads drawn after", drawn, "longest task", number(LONGEST_TASK)));
    double[] cell = visit.cell(map, BigRun.HEADS, BigRun.LAYERS, 31, 31);
    map.click(new Locator.ClickOptions().setPosition(cell[0], cell[1]));
    page.waitForURL(address -> address.contains("layer=31&head=31"));
  }

  @Test
  void patternsOf512TokensDoNotFreezeThePage() {
    visit.open("#/runs/" + dashboard.run() + "/heads?layer=1&head=2");
    Locator chart = visit.charts(".patterns").getFirst();
    double drawn = number(SINCE_DATA);
    double longest = number(LONGEST_TASK);
    page.evaluate("() => { globalThis.longTasks.length = 0; }");
    for (int token = 0; token < BigRun.TOKENS; token += 64) {
      double[] cell = visit.cell(chart, BigRun.TOKENS, BigRun.TOKENS, 0, token);
      chart.hover(new Locator.HoverOptions().setPosition(cell[0], cell[1]));
    }
    assertThat(page.locator(".lists tbody tr").count()).isPositive();
    print(
        "pattern",
        Map.of(
            "three patterns of 512 tokens drawn after", drawn,
            "longest task", longest,
            "longest task while pointing", number(LONGEST_TASK)));
  }

  @Test
  void theFiguresAreThereInTime() {
    visit.open("#/runs/" + dashboard.run());
    double ready = number(SINCE_DATA);
    assertThat(visit.charts("#figures")).hasSize(9);
    print("run", Map.of("view ready after", ready, "longest task", number(LONGEST_TASK)));
  }

  private void answer(String address, JsonNode body) {
    String text = body.toString();
    page.route(
        address,
        route ->
            route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody(text)));
  }

  private double number(String function) {
    return ((Number) page.evaluate(function)).doubleValue();
  }

  private static void print(String view, Map<String, Double> milliseconds) {
    milliseconds.forEach((what, value) -> System.out.printf("%s: %s %.0f ms%n", view, what, value));
  }
}
