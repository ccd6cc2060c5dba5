package org.rolescope.cli.dashboard;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine's own Chromium without a window. To be used by one thread. */
final class TestBrowser implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private final Playwright playwright;
  private final Browser browser;

  private TestBrowser(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Why there can be no browser here; empty where there can. */
  static Optional<String> obstacle() {
    if (chromium().isEmpty() || node().isEmpty()) {
      return Optional.of(
          "No browser tests: %s is not on the PATH; install Debian's packages chromium and nodejs."
              .formatted(chromium().isEmpty() ? "chromium" : "node"));
    }
    return Optional.empty();
  }

  static TestBrowser open() {
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(
                    Map.of(
                        "PLAYWRIGHT_NODEJS_PATH",
                        node().orElseThrow().toString(),
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium().orElseThrow())
                    .setArgs(FLAGS));
    return new TestBrowser(playwright, browser);
  }

  /** A page 1280 pixels wide on a machine with light colours. */
  Visit visit(String base) {
    return visit(base, ColorScheme.LIGHT, 1280);
  }

  /**
   * A page of a profile of its own.
   *
   * @param base address of the dashboard; requests elsewhere are held against the visit
   * @param colours what the system prefers
   * @param width in pixels
   */
  Visit visit(String base, ColorScheme colours, int width) {
    return new Visit(
        browser.newContext(
            new Browser.NewContextOptions().setColorScheme(colours).setViewportSize(width, 900)),
        base);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  private static Optional<Path> chromium() {
    return NAMES.stream().flatMap(TestBrowser::onPath).findFirst();
  }

  private static Optional<Path> node() {
    return onPath("node").findFirst();
  }

  private static Stream<Path> onPath(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable);
  }
}
