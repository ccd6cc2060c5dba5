package org.rolescope.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every view in dark and light, wide and narrow, by the rules of WCAG that a program can check. */
@Timeout(600)
@ExtendWith(DashboardExtension.class)
final class AccessibilityIT {
  private static final List<String> RULES = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa");

  private final DemoDashboard dashboard;
  private final TestBrowser browser;

  AccessibilityIT(DemoDashboard dashboard, TestBrowser browser) {
    this.dashboard = dashboard;
    this.browser = browser;
  }

  @ParameterizedTest
  @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 390", "DARK, 390"})
  void everyViewFitsAndKeepsTheRules(ColorScheme colours, int width) {
    String run = "#/runs/" + dashboard.run();
    try (Visit visit = browser.visit(dashboard.base(), colours, width)) {
      for (String route :
          List.of(
              "#/runs",
              run,
              run + "/heads?value=did&layer=1&head=2&token=2",
              run + "/candidates",
              "#/versions",
              "#/cross-model",
              "#/runs/demo-ffffffffffff")) {
        visit.open(route);
        visit.drawAll();
        visit
            .page()
            .locator("details")
            .all()
            .forEach(details -> details.locator("summary").click());
        visit.assertFits();
        assertThat(new AxeBuilder(visit.page()).withTags(RULES).analyze().getViolations())
            .as(route)
            .isEmpty();
      }
    }
  }

  @Test
  void coloursFollowTheSystemUntilSomebodyChooses() {
    try (Visit visit = browser.visit(dashboard.base(), ColorScheme.DARK, 1280)) {
      visit.open("#/runs");
      assertThat(background(visit)).isEqualTo("rgb(20, 24, 29)");
      visit.page().locator("#theme").click();
      assertThat(background(visit)).isEqualTo("rgb(255, 255, 255)");
      visit.open("#/versions");
      assertThat(background(visit)).isEqualTo("rgb(255, 255, 255)");
    }
  }

  @Test
  void theFirstKeyLeadsPastTheNavigation() {
    try (Visit visit = browser.visit(dashboard.base())) {
      visit.open("#/versions");
      Page page = visit.page();
      page.keyboard().press("Tab");
      assertThat(page.evaluate("() => document.activeElement.textContent"))
          .isEqualTo("Skip to content");
      page.keyboard().press("Enter");
      assertThat(page.evaluate("() => document.activeElement.id")).isEqualTo("main");
      assertThat(visit.route()).isEqualTo("#/versions");
    }
  }

  private static Object background(Visit visit) {
    return visit.page().evaluate("() => getComputedStyle(document.body).backgroundColor");
  }
}
