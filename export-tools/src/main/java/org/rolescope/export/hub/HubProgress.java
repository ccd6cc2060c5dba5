package org.rolescope.export.hub;

import java.time.Duration;

/** Is told how a download goes on. Files are fetched at the same time: thread-safe. */
public interface HubProgress {
  /**
   * Tells how much of a file is there.
   *
   * @param file name of the file
   * @param doneBytes bytes that are there; fewer than before where a file has to be begun again
   * @param totalBytes its size
   */
  void update(String file, long doneBytes, long totalBytes);

  /**
   * Tells that something went wrong and will be tried again.
   *
   * @param reason what went wrong, in a sentence without its full stop
   * @param delay time until the next attempt
   */
  void retry(String reason, Duration delay);

  /** Tells nobody. */
  static HubProgress silent() {
    return new HubProgress() {
      @Override
      public void update(String file, long doneBytes, long totalBytes) {}

      @Override
      public void retry(String reason, Duration delay) {}
    };
  }
}
