package org.rolescope.bench.command;

import java.io.PrintWriter;
import org.rolescope.bench.machine.Machine;
import org.rolescope.bench.stream.PatternSource;
import org.rolescope.bench.stream.StreamBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench stream}. */
@Command(
    name = "stream",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Tensor stream over loopback TCP against a raw socket; memory with a slow reader.")
public final class StreamCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(names = "--mib", defaultValue = "2048", description = "MiB to move.")
  private int mebibytes;

  @Option(names = "--tokens", defaultValue = "32", description = "Tokens of a prompt.")
  private int tokens;

  @Option(names = "--repetitions", defaultValue = "9", description = "Turns that count.")
  private int repetitions;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Machine.print(out);
    new StreamBench(new PatternSource(tokens), (long) mebibytes << 20, repetitions).run(out);
  }
}
