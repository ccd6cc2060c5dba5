package org.rolescope.cli.output;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.rolescope.export.file.ByteSize;
import org.rolescope.export.hub.HubFile;
import org.rolescope.export.hub.HubProgress;
import org.rolescope.export.hub.HubSnapshot;

/** Shows how a download goes on: a bar of its bytes on a terminal, plain lines otherwise. */
public sealed interface DownloadProgress extends HubProgress, AutoCloseable {
  @Override
  void close();

  /**
   * Progress in the form that suits where the output goes.
   *
   * @param task what is fetched, in a word
   */
  static DownloadProgress on(PrintWriter lines, String task, HubSnapshot snapshot) {
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal() && !snapshot.isCached();
    return terminal ? new Bar(task, snapshot) : new Lines(lines);
  }

  /** Progress in plain lines. */
  static DownloadProgress lines(PrintWriter lines) {
    return new Lines(lines);
  }

  /** One bar over all files, since they come at the same time. */
  final class Bar implements DownloadProgress {
    private static final long MEGABYTE = 1_000_000;

    private final Map<String, Long> doneBytes = new ConcurrentHashMap<>();
    private final ProgressBar bar;

    Bar(String task, HubSnapshot snapshot) {
      long totalBytes =
          snapshot.files().stream()
              .filter(file -> !file.cached())
              .mapToLong(HubFile::sizeBytes)
              .sum();
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setStyle(ProgressBarStyle.ASCII)
              .setUnit(" MB", MEGABYTE)
              .setInitialMax(totalBytes)
              .setUpdateIntervalMillis(200)
              .showSpeed()
              .build();
    }

    @Override
    public void update(String file, long done, long total) {
      doneBytes.put(file, done);
      bar.stepTo(doneBytes.values().stream().mapToLong(Long::longValue).sum());
      bar.setExtraMessage(" " + file);
    }

    @Override
    public void retry(String reason, Duration delay) {
      bar.setExtraMessage(" " + Lines.sentence(reason, delay));
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** One line a file, and one for each attempt that failed. */
  final class Lines implements DownloadProgress {
    private final PrintWriter lines;

    Lines(PrintWriter lines) {
      this.lines = lines;
    }

    @Override
    public synchronized void update(String file, long done, long total) {
      if (done == total) {
        lines.printf("%s: %s%n", file, ByteSize.text(total));
        lines.flush();
      }
    }

    @Override
    public synchronized void retry(String reason, Duration delay) {
      lines.println(sentence(reason, delay));
      lines.flush();
    }

    private static String sentence(String reason, Duration delay) {
      return String.format(
          Locale.ROOT, "%s; next attempt in %.1f s", reason, delay.toMillis() / 1e3);
    }

    @Override
    public void close() {
      lines.flush();
    }
  }
}
