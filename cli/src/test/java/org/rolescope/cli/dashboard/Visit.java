package org.rolescope.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;

/** One page, and what it should not have done: messages on its console and requests elsewhere. */
final class Visit implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SETTLED =
      "() => document.querySelector('main h1') && !document.querySelector('main[aria-busy], .loading')";
  private static final String SERIES =
      """
      async (host) => {
        const { getInstanceByDom } = await import('echarts');
        const plain = ({ type, name, data }) => ({ type, name, data });
        return JSON.stringify(getInstanceByDom(host).getOption().series.map(plain));
      }""";
  private static final String AREA =
      """
      async (host) => {
        const { getInstanceByDom } = await import('echarts');
        const grid = getInstanceByDom(host).getModel().getComponent('grid', 0);
        const { x, y, width, height } = grid.coordinateSystem.getRect();
        return JSON.stringify({ x, y, width, height });
      }""";

  private final BrowserContext context;
  private final Page page;
  private final String base;
  private final List<String> noise = new ArrayList<>();

  Visit(BrowserContext context, String base) {
    this.context = context;
    this.base = base;
    context.setDefaultTimeout(20_000);
    page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (List.of("error", "warning").contains(message.type())) {
            noise.add(message.type() + ": " + message.text());
          }
        });
    page.onPageError(error -> noise.add("uncaught: " + error));
    page.onRequest(
        request -> {
          if (!request.url().startsWith(base) && !request.url().startsWith("data:")) {
            noise.add("request elsewhere: " + request.url());
          }
        });
  }

  Page page() {
    return page;
  }

  /** Loads the page at an address of a view and waits until the view is there. */
  Visit open(String route) {
    page.navigate("about:blank");
    page.navigate(base + route);
    return settle();
  }

  /** Waits until the view is there. */
  Visit settle() {
    page.waitForFunction(SETTLED);
    return this;
  }

  /** What the page did that it should not have. */
  List<String> noise() {
    return noise;
  }

  /** What stands in the address after the base. */
  String route() {
    return page.url().substring(base.length());
  }

  /** Brings every chart there is into sight, so that it is drawn. */
  void drawAll() {
    page.locator(".chart").all().forEach(Visit::drawn);
  }

  /** The charts below a selector, of which there is one at least, each once it is drawn. */
  List<Locator> charts(String selector) {
    Locator found = page.locator(selector + " .chart");
    found.first().waitFor();
    settle();
    List<Locator> hosts = found.all();
    for (Locator host : hosts) {
      drawn(host);
    }
    return hosts;
  }

  /** The chart of the figure with a heading, once it is drawn. */
  Locator chart(String heading) {
    Locator figure =
        page.locator("figure").filter(new Locator.FilterOptions().setHas(caption(heading)));
    return drawn(figure.locator(".chart"));
  }

  /** Type, name and data of every series of a chart, as the chart holds them. */
  JsonNode series(Locator chart) {
    return json(chart.evaluate(SERIES));
  }

  /** The area of a chart's cells, in pixels of the page's window. */
  JsonNode area(Locator chart) {
    chart.scrollIntoViewIfNeeded();
    return json(chart.evaluate(AREA));
  }

  /** Middle of a cell of a map, in pixels from the corner of its chart. */
  double[] cell(Locator chart, int columns, int rows, int column, int row) {
    JsonNode area = area(chart);
    return new double[] {
      area.get("x").asDouble() + (column + 0.5) * area.get("width").asDouble() / columns,
      area.get("y").asDouble() + (row + 0.5) * area.get("height").asDouble() / rows
    };
  }

  /** Asserts that the page does not scroll sideways. */
  void assertFits() {
    Object beyond =
        page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(((Number) beyond).intValue()).as(page.url()).isZero();
  }

  @Override
  public void close() {
    context.close();
  }

  private Locator caption(String heading) {
    return page.locator("figcaption", new Page.LocatorOptions().setHasText(heading));
  }

  private static Locator drawn(Locator host) {
    host.scrollIntoViewIfNeeded();
    host.and(host.page().locator("[aria-label]")).waitFor();
    return host;
  }

  private static JsonNode json(Object text) {
    try {
      return JSON.readTree((String) text);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
