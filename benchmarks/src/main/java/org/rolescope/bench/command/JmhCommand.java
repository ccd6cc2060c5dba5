package org.rolescope.bench.command;

import java.io.PrintWriter;
import org.rolescope.bench.jmh.JmhBench;
import org.rolescope.bench.machine.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench jmh}. */
@Command(
    name = "jmh",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Micro-benchmarks of the hot loops, each against a memory copy of its bytes.")
public final class JmhCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      defaultValue = "",
      paramLabel = "PATTERN",
      description = "Regular expression over class and method names; all where it is absent.")
  private String pattern;

  @Option(names = "--seconds", defaultValue = "1", description = "Seconds of a measurement.")
  private double seconds;

  @Option(names = "--iterations", defaultValue = "5", description = "Measurements.")
  private int iterations;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Machine.print(out);
    new JmhBench(pattern, seconds, iterations).run(out);
  }
}
