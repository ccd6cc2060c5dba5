package org.rolescope.cli.services;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.rolescope.cli.services.TcpServer.Bind;

/** The run store, the HTTP API and the dashboard, with all services in this process behind them. */
public final class DashboardServer implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final EmbeddedServices services;
  private final HttpListener http;

  private DashboardServer(EmbeddedServices services, HttpListener http) {
    this.services = services;
    this.http = http;
  }

  /**
   * Starts a server.
   *
   * @param bind where it listens
   * @param data folder of models and runs
   * @param settings further settings
   * @throws org.rolescope.fault.RolescopeException CONFLICT where the port cannot be used
   */
  public static DashboardServer start(Bind bind, Path data, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.putAll(HttpListener.settings(bind));
    EmbeddedServices services = EmbeddedServices.start(data, all);
    try {
      return new DashboardServer(services, services.listen(bind));
    } catch (RuntimeException failed) {
      services.close();
      throw failed;
    }
  }

  /** Where it listens. */
  public Bind bind() {
    return http.bind();
  }

  /** Root of the dashboard. */
  public URI url() {
    return http.url();
  }

  /** Waits until it is closed. */
  public void await() throws InterruptedException {
    closed.await();
  }

  @Override
  public void close() {
    if (closed.getCount() > 0) {
      closed.countDown();
      http.close();
      services.close();
    }
  }
}
