package org.rolescope.bench.machine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.rolescope.bench.report.Figures;
import org.rolescope.inference.session.OnnxRuntime;

/** Names the machine; figures mean nothing without it. */
public final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path OS_RELEASE = Path.of("/etc/os-release");

  private Machine() {}

  /** Prints processor, memory, operating system, JDK and runtime. */
  public static void print(PrintWriter out) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    out.printf(
        "Machine: %s, %d cores, %s MiB of memory; %s; JDK %s (%s); %s%n%n",
        processor(),
        Runtime.getRuntime().availableProcessors(),
        Figures.mebibytes(system.getTotalMemorySize()),
        operatingSystem(),
        Runtime.version(),
        System.getProperty("java.vm.name"),
        OnnxRuntime.nameAndVersion());
    out.flush();
  }

  private static String processor() {
    return value(CPU_INFO, "model name", ":", System.getProperty("os.arch"));
  }

  private static String operatingSystem() {
    String kernel = System.getProperty("os.name") + " " + System.getProperty("os.version");
    String name = value(OS_RELEASE, "PRETTY_NAME", "=", "").replace("\"", "");
    return name.isEmpty() ? kernel : name + ", " + kernel;
  }

  private static String value(Path file, String key, String separator, String otherwise) {
    if (!Files.isReadable(file)) {
      return otherwise;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key) && line.contains(separator))
          .map(line -> line.substring(line.indexOf(separator) + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException unreadable) {
      return otherwise;
    }
  }
}
