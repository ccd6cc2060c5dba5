package org.rolescope.export.hub;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it is told of a download. */
final class ProgressLog implements HubProgress {
  private final Map<String, Long> last = new ConcurrentHashMap<>();
  private final List<String> completed = new CopyOnWriteArrayList<>();
  private final List<String> retries = new CopyOnWriteArrayList<>();
  private final List<Duration> delays = new CopyOnWriteArrayList<>();

  /** The bytes last told of, by file. */
  Map<String, Long> last() {
    return last;
  }

  /** Files told to be whole, as often as it was told. */
  List<String> completed() {
    return completed;
  }

  /** Why something was tried again, in order. */
  List<String> retries() {
    return retries;
  }

  /** How long was waited before each of the {@link #retries()}. */
  List<Duration> delays() {
    return delays;
  }

  @Override
  public void update(String file, long doneBytes, long totalBytes) {
    last.put(file, doneBytes);
    if (doneBytes == totalBytes) {
      completed.add(file);
    }
  }

  @Override
  public void retry(String reason, Duration delay) {
    retries.add(reason);
    delays.add(delay);
  }
}
