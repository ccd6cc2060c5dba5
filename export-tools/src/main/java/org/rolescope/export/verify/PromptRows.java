package org.rolescope.export.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * Which rows belong to which prompt: all positions of the first prompt, then all of the second, and
 * so on.
 */
final class PromptRows {
  private final List<List<Long>> tokenIds;
  private final List<Integer> firstRows = new ArrayList<>();
  private final int rowCount;

  PromptRows(List<List<Long>> tokenIds) {
    this.tokenIds = tokenIds.stream().map(List::copyOf).toList();
    int next = 0;
    for (List<Long> ids : this.tokenIds) {
      firstRows.add(next);
      next += ids.size();
    }
    rowCount = next;
  }

  int promptCount() {
    return tokenIds.size();
  }

  int rowCount() {
    return rowCount;
  }

  /** Token ids of all rows. */
  long[] flatTokenIds() {
    return tokenIds.stream().flatMap(List::stream).mapToLong(Long::longValue).toArray();
  }

  int firstRow(int prompt) {
    return firstRows.get(prompt);
  }

  int length(int prompt) {
    return tokenIds.get(prompt).size();
  }

  /** The last row of each prompt. */
  Rows lastOf(Rows rows) {
    Rows last = new Rows(promptCount(), rows.width());
    for (int prompt = 0; prompt < promptCount(); prompt++) {
      int row = firstRow(prompt) + length(prompt) - 1;
      System.arraycopy(
          rows.values(), rows.start(row), last.values(), last.start(prompt), rows.width());
    }
    return last;
  }
}
