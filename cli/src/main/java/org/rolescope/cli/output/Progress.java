package org.rolescope.cli.output;

import java.io.Console;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how a run goes on: a bar on a terminal, plain lines otherwise. */
public sealed interface Progress extends AutoCloseable {
  /**
   * Tells of progress.
   *
   * @param done steps done
   * @param total steps in all
   * @param step what was finished; may be empty
   */
  void update(int done, int total, String step);

  @Override
  void close();

  /**
   * Progress in the form that suits where the output goes.
   *
   * @param task what is going on, in a word
   */
  static Progress on(PrintWriter lines, String task) {
    Console console = System.console();
    return console != null && console.isTerminal() ? new Bar(task) : new Lines(lines);
  }

  /** Progress that nobody is told of. */
  static Progress silent() {
    return new Silent();
  }

  /** A bar that is drawn again and again. */
  final class Bar implements Progress {
    private final ProgressBar bar;

    Bar(String task) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .build();
    }

    @Override
    public void update(int done, int total, String step) {
      bar.maxHint(total).stepTo(done).setExtraMessage(step);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** One line a step. */
  final class Lines implements Progress {
    private final PrintWriter lines;

    Lines(PrintWriter lines) {
      this.lines = lines;
    }

    @Override
    public void update(int done, int total, String step) {
      if (!step.isEmpty()) {
        lines.printf("[%d/%d] %s%n", done, total, step);
        lines.flush();
      }
    }

    @Override
    public void close() {
      lines.flush();
    }
  }

  /** Nothing. */
  final class Silent implements Progress {
    @Override
    public void update(int done, int total, String step) {}

    @Override
    public void close() {}
  }
}
