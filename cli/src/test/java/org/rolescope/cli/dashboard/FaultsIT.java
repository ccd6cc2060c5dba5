package org.rolescope.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rolescope.cli.CommandProcess;

/** What the dashboard says when it has nothing to show. */
@Timeout(600)
@ExtendWith(DashboardExtension.class)
final class FaultsIT {
  private final DemoDashboard dashboard;
  private final TestBrowser browser;

  FaultsIT(DemoDashboard dashboard, TestBrowser browser) {
    this.dashboard = dashboard;
    this.browser = browser;
  }

  @Test
  void anUnknownRunIsNamed() {
    try (Visit visit = browser.visit(dashboard.base())) {
      for (String view : new String[] {"", "/heads", "/candidates"}) {
        visit.open("#/runs/demo-ffffffffffff" + view);
        String detail = dashboard.api("runs/demo-ffffffffffff").get("detail").asText();
        assertThat(alert(visit).textContent()).contains(detail, "choose from the list of runs");
      }
      visit.page().locator("[role=alert] a").click();
      visit.page().locator("h1:text('Runs')").waitFor();
    }
  }

  @Test
  void aFaultOfTheServiceIsToldAsItTellsIt() {
    try (Visit visit = browser.visit(dashboard.base())) {
      Page page = visit.page();
      page.route("**/api/v1/versions", route -> route.fulfill(problem()));
      visit.open("#/versions");
      assertThat(alert(visit).textContent())
          .contains("Internal error", "results.json is damaged at byte 7.", "log of the service");
      page.unroute("**/api/v1/versions");
      page.locator("button:text('Try again')").click();
      page.locator("h1:text('Versions')").waitFor();
    }
  }

  @Test
  void aFaultWithinAViewIsToldToo() {
    try (Visit visit = browser.visit(dashboard.base())) {
      visit.page().route("**/patterns/**", route -> route.fulfill(problem()));
      visit.open("#/runs/" + dashboard.run() + "/heads?layer=0&head=0");
      assertThat(alert(visit).textContent()).contains("results.json is damaged at byte 7.");
    }
  }

  @Test
  void aStoppedServiceIsNoEmptyPage() throws IOException {
    CommandProcess server = DemoDashboard.serve(dashboard.folder());
    try (Visit visit = browser.visit("http://" + server.address() + "/")) {
      visit.open("");
      server.close();
      visit.page().locator("nav a:text('Versions')").click();
      assertThat(alert(visit).textContent())
          .contains("The service does not answer", "./rolescope dashboard", "Try again");
    } finally {
      server.close();
    }
  }

  @Test
  void noRunsAndNoSuchViewAreSaid() {
    try (Visit visit = browser.visit(dashboard.base())) {
      visit.open("#/nonsense");
      assertThat(alert(visit).textContent()).contains("There is no view at #/nonsense");
      visit.page().route("**/api/v1/runs*", route -> route.fulfill(json("{\"items\": []}")));
      visit.open("#/runs");
      assertThat(visit.page().locator(".empty").textContent())
          .contains("There are no runs yet", "./rolescope demo");
    }
  }

  private static Locator alert(Visit visit) {
    Locator alert = visit.page().locator("[role=alert]");
    alert.waitFor();
    return alert;
  }

  private static Route.FulfillOptions problem() {
    return json("""
            {"type": "about:blank", "title": "Internal error", "status": 500,
             "detail": "results.json is damaged at byte 7."}""")
        .setStatus(500)
        .setContentType("application/problem+json");
  }

  private static Route.FulfillOptions json(String body) {
    return new Route.FulfillOptions().setContentType("application/json").setBody(body);
  }
}
