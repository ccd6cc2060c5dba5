package org.rolescope.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The packaged command as a process of its own, as a user runs it but for options that make it
 * start sooner. Closing it ends the process.
 */
public final class CommandProcess implements AutoCloseable {
  private static final long LIMIT_SECONDS = 180;

  /**
   * Commands end before the second compiler pays. Servers run without these, so that tests which
   * compare bytes compare them over compilers and collectors too.
   */
  private static final List<String> SHORT = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final Pattern LISTENS = Pattern.compile("listens on (127\\.0\\.0\\.1:\\d+)");

  private final Process process;
  private BufferedReader lines;
  private String address;

  private CommandProcess(Process process) {
    this.process = process;
  }

  /** Runs a command to its end. */
  public static Outcome run(Path folder, String... arguments)
      throws IOException, InterruptedException {
    return run(folder, Map.of(), arguments);
  }

  /** Runs a command with these environment variables besides ours to its end. */
  static Outcome run(Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return runWith(brief(), folder, environment, arguments);
  }

  /** Runs a command to its end in a JVM with these options. */
  static Outcome runWith(
      List<String> options, Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process =
        builder(options, folder, environment, arguments)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try (CommandProcess command = new CommandProcess(process)) {
      if (!command.process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(
            "no end after %d s of %s".formatted(LIMIT_SECONDS, List.of(arguments)));
      }
      Outcome outcome =
          new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return outcome;
    }
  }

  /** Starts a server, waits until it says where it listens, and leaves it running. */
  public static CommandProcess serve(Path folder, String[] more, String... arguments)
      throws IOException {
    String[] all = Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new);
    CommandProcess server =
        new CommandProcess(
            builder(ClassArchive.options(), folder, Map.of(), all)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    try {
      server.address = server.awaitAddress();
      return server;
    } catch (IOException failed) {
      server.close();
      throw failed;
    }
  }

  /** Starts a command whose output nobody reads, to be killed. */
  public static Process start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    return builder(brief(), folder, environment, arguments)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Where a server listens. */
  public String address() {
    return address;
  }

  /** What a server prints after it has said where it listens, line by line. */
  public String nextLine() throws IOException {
    return lines.readLine();
  }

  private String awaitAddress() throws IOException {
    lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher listens = LISTENS.matcher(line);
      if (listens.find()) {
        return listens.group(1);
      }
    }
    throw new IOException("the server ended without saying where it listens");
  }

  /**
   * Starts a command and kills it, as {@code kill -9} does, once it has printed a line.
   *
   * @param line what the line, of either output, holds
   */
  static void runAndKillAt(Path folder, String line, String... arguments)
      throws IOException, InterruptedException {
    Process process =
        builder(brief(), folder, Map.of(), arguments).redirectErrorStream(true).start();
    StringBuilder printed = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String next = lines.readLine();
      while (next != null && !next.contains(line)) {
        printed.append(next).append('\n');
        next = lines.readLine();
      }
      process.destroyForcibly().waitFor();
      if (next == null) {
        throw new IOException("no line with %s, but:%n%s".formatted(line, printed));
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> brief() {
    List<String> options = new ArrayList<>(ClassArchive.options());
    options.addAll(SHORT);
    return options;
  }

  private static ProcessBuilder builder(
      List<String> options, Path folder, Map<String, String> environment, String... arguments) {
    Path app = Path.of("target/app").toAbsolutePath();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Drolescope.home=" + Path.of("..").toAbsolutePath().normalize());
    command.add("-cp");
    command.add(app + "/*" + java.io.File.pathSeparator + app + "/lib/*");
    command.add("org.rolescope.cli.Rolescope");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("ROLESCOPE_DATA");
    builder.environment().remove("ROLESCOPE_DEBUG");
    builder.environment().keySet().removeIf(name -> name.startsWith("HF_"));
    builder.environment().putAll(environment);
    return builder;
  }

  /**
   * How a command ended.
   *
   * @param exitCode its exit code
   * @param out what it printed
   * @param err what it printed to standard error
   */
  public record Outcome(int exitCode, String out, String err) {
    /** The folder the command says its artifacts are in. */
    public Path artifacts() {
      String intro = "Artifacts in ";
      String folder =
          out.lines()
              .filter(line -> line.startsWith(intro))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no artifacts in " + out))
              .substring(intro.length());
      return Path.of(folder.endsWith(":") ? folder.substring(0, folder.length() - 1) : folder);
    }
  }
}
