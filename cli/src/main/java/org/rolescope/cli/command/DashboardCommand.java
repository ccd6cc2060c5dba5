package org.rolescope.cli.command;

import java.util.concurrent.Callable;
import org.rolescope.cli.services.TcpServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rolescope dashboard}. */
@Command(
    name = "dashboard",
    mixinStandardHelpOptions = true,
    header = "Show all runs in a browser.",
    description = {
      "Serves the dashboard and its HTTP API over the runs below --data until it is stopped;",
      "loopback unless --host says otherwise. There is no password: whoever reaches the port",
      "can read all runs."
    })
public final class DashboardCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(names = "--open", description = "Open it in a browser.")
  private boolean open;

  @Mixin private DeviceOptions device;
  @Mixin private DataOptions data;

  /** Picocli creates commands. */
  public DashboardCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    new DashboardStep(spec.commandLine().getOut())
        .serve(new TcpServer.Bind(host, port), data.folder(), device.settings(), open);
    return 0;
  }
}
