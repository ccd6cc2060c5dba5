package org.rolescope.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Base64;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** One head and its pattern: pointing, locking, addresses, keys. */
@Timeout(600)
@ExtendWith(DashboardExtension.class)
final class HeadExplorerIT {
  private static final String HEAD = "/heads?value=rfc&layer=1&head=2&prompt=3";

  private final DemoDashboard dashboard;
  private final TestBrowser browser;
  private Visit visit;

  HeadExplorerIT(DemoDashboard dashboard, TestBrowser browser) {
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
  void aClickOnTheMapOpensTheHead() {
    visit.open("#/runs/" + dashboard.run() + "/heads");
    assertThat(visit.page().locator(".head").textContent()).contains("No head is chosen");
    Locator map = visit.charts("#head-map").getFirst();
    double[] cell = visit.cell(map, 8, 6, 5, 4);
    map.click(new Locator.ClickOptions().setPosition(cell[0], cell[1]));
    visit.page().waitForURL(address -> address.contains("layer=4&head=5"));
    visit.page().locator(".head h2:text('Layer 4, head 5')").waitFor();
    assertThat(visit.charts(".patterns")).hasSize(3);
    assertThat(visit.page().locator(".chosen").isVisible()).isTrue();
  }

  @Test
  void patternsAreThoseOfTheApi() {
    visit.open("#/runs/" + dashboard.run() + HEAD);
    FloatBuffer base = pattern("base");
    FloatBuffer instruct = pattern("instruct");
    JsonNode drawn = visit.series(visit.charts(".patterns").getFirst()).get(0).get("data");
    JsonNode difference = visit.series(visit.charts(".patterns").get(2)).get(0).get("data");
    int size = (int) Math.sqrt(base.capacity());
    assertThat(drawn).hasSize(size * size);
    for (int cell = 0; cell < size * size; cell++) {
      assertThat(drawn.get(cell).get(0).asInt()).isEqualTo(cell % size);
      assertThat(drawn.get(cell).get(1).asInt()).isEqualTo(cell / size);
      assertThat((float) drawn.get(cell).get(2).asDouble()).isEqualTo(base.get(cell));
      assertThat((float) difference.get(cell).get(2).asDouble())
          .isEqualTo(instruct.get(cell) - base.get(cell));
    }
  }

  @Test
  void pointingFocusesClickingLocksEscapeUnlocks() {
    visit.open("#/runs/" + dashboard.run() + HEAD);
    Locator lists = visit.page().locator(".lists h4");
    Locator chart = visit.charts(".patterns").getFirst();
    int size = tokens();

    point(chart, size, 2);
    assertThat(lists.count()).isEqualTo(2);
    String second = lists.first().textContent();
    assertThat(visit.page().locator(".focus-row:visible").count()).isEqualTo(3);
    assertThat(visit.page().locator(".focus-column:visible").count()).isEqualTo(3);
    assertThat(visit.page().locator(".attention-from tbody tr").count()).isBetween(1, 3);
    point(chart, size, 3);
    assertThat(lists.first().textContent()).isNotEqualTo(second);

    click(chart, size, 3);
    visit.page().waitForURL(address -> address.contains("token=3"));
    String locked = lists.first().textContent();
    point(chart, size, 1);
    assertThat(lists.first().textContent()).isEqualTo(locked);
    assertThat(visit.page().locator("#lock").textContent()).contains("is locked");

    visit.page().keyboard().press("Escape");
    visit.page().waitForURL(address -> !address.contains("token="));
    click(chart, size, 3);
    visit.page().waitForURL(address -> address.contains("token=3"));
    click(chart, size, 1);
    visit.page().waitForURL(address -> !address.contains("token="));

    visit.page().goBack();
    visit.page().waitForURL(address -> address.contains("token=3"));
    assertThat(visit.page().locator("#lock").textContent()).contains("is locked");
    visit.page().goForward();
    visit.page().waitForURL(address -> !address.contains("token="));
  }

  @Test
  void anAddressBringsEverythingBack() {
    visit.open("#/runs/" + dashboard.run() + HEAD + "&part=base&token=4&sink=off");
    assertThat(visit.page().locator("#choose-value").inputValue()).isEqualTo("rfc");
    assertThat(visit.page().locator("#choose-model").inputValue()).isEqualTo("base");
    assertThat(visit.page().locator("#choose-prompt").inputValue()).isEqualTo("3");
    assertThat(visit.page().locator("#sink").isChecked()).isFalse();
    assertThat(visit.page().locator("#lock").textContent())
        .startsWith("Token 4")
        .contains("locked");
    visit.charts(".patterns");
    assertThat(visit.page().locator(".focus-row:visible").count()).isEqualTo(3);
  }

  @Test
  void withoutTheSinkEveryRowStillAddsUpToOne() {
    visit.open("#/runs/" + dashboard.run() + HEAD);
    visit.page().locator("#sink").uncheck();
    visit.page().waitForURL(address -> address.contains("sink=off"));
    visit
        .page()
        .waitForFunction("() => document.querySelectorAll('.patterns .chart').length === 3");
    int size = tokens();
    JsonNode drawn = visit.series(visit.charts(".patterns").getFirst()).get(0).get("data");
    for (int query = 1; query < size; query++) {
      double sum = 0;
      for (int key = 0; key < size; key++) {
        sum += drawn.get(query * size + key).get(2).asDouble();
      }
      assertThat(drawn.get(query * size).get(2).asDouble()).isZero();
      assertThat(sum).isCloseTo(1, Offset.offset(1e-5));
    }
  }

  @Test
  void keysDoWhatThePointerDoes() {
    visit.open("#/runs/" + dashboard.run() + "/heads?value=rfc");
    Page page = visit.page();
    visit.charts("#head-map");
    page.locator("#head-map").focus();
    for (String key : new String[] {"ArrowDown", "ArrowRight", "ArrowRight"}) {
      page.keyboard().press(key);
    }
    page.locator("#announcements:text('Layer 1, head 2: RFC')").waitFor(hidden());
    assertThat(page.locator(".cursor").isVisible()).isTrue();
    page.keyboard().press("Enter");
    page.waitForURL(address -> address.contains("layer=1&head=2"));
    visit.charts(".patterns");
    page.locator(".pattern").first().focus();
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowDown");
    page.keyboard().press("Enter");
    page.waitForURL(address -> address.contains("token=1"));
    page.keyboard().press("ArrowRight");
    page.waitForURL(address -> address.contains("token=2"));
    page.keyboard().press("Escape");
    page.waitForURL(address -> !address.contains("token="));
  }

  /** The place for announcements is there for ears: it is attached, not seen. */
  private static Locator.WaitForOptions hidden() {
    return new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED);
  }

  private void point(Locator chart, int size, int token) {
    double[] cell = visit.cell(chart, size, size, 0, token);
    chart.hover(new Locator.HoverOptions().setPosition(cell[0], cell[1]));
  }

  private void click(Locator chart, int size, int token) {
    double[] cell = visit.cell(chart, size, size, 0, token);
    chart.click(new Locator.ClickOptions().setPosition(cell[0], cell[1]));
  }

  private int tokens() {
    return (int) Math.sqrt(pattern("base").capacity());
  }

  private FloatBuffer pattern(String part) {
    JsonNode sent = dashboard.api("runs/" + dashboard.run() + "/patterns/" + part + "/1/2/3");
    byte[] bytes = Base64.getDecoder().decode(sent.get("pattern").asText());
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
