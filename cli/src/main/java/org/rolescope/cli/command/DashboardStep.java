package org.rolescope.cli.command;

import java.awt.Desktop;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.rolescope.cli.services.DashboardServer;
import org.rolescope.cli.services.TcpServer;

/** Serves the dashboard until the process is stopped. */
final class DashboardStep {
  private final PrintWriter out;

  DashboardStep(PrintWriter out) {
    this.out = out;
  }

  /** Whether somebody sits at a terminal, who can stop what goes on. */
  static boolean isWatched() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /**
   * Serves, says where, and returns when it is stopped.
   *
   * @param bind where it listens
   * @param data folder of models and runs
   * @param settings further settings of the services behind it
   * @param open whether to open a browser
   */
  void serve(TcpServer.Bind bind, Path data, Map<String, Object> settings, boolean open)
      throws InterruptedException {
    try (DashboardServer server = DashboardServer.start(bind, data, settings)) {
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
      TcpServer.Bind bound = server.bind();
      out.printf("rolescope dashboard listens on %s:%d%n", bound.host(), bound.port());
      out.printf("Open %s in a browser; Ctrl-C ends it.%n", server.url());
      out.flush();
      if (open) {
        browse(server.url());
      }
      server.await();
    }
  }

  private void browse(URI url) {
    try {
      if (Desktop.isDesktopSupported() && Desktop.getDesktop().isSupported(Desktop.Action.BROWSE)) {
        Desktop.getDesktop().browse(url);
        return;
      }
    } catch (IOException noBrowser) {
      // Said below, as where there is no desktop.
    }
    out.printf("No browser can be opened from here; open %s yourself.%n", url);
    out.flush();
  }
}
