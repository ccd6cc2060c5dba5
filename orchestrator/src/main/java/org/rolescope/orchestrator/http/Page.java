package org.rolescope.orchestrator.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.view.RunSummary;

/**
 * A page of the list of runs.
 *
 * @param items the runs
 * @param nextPageToken what to ask for the next page with; empty on the last
 */
record Page(List<RunSummary> items, Optional<String> nextPageToken) {
  private static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 500;

  /**
   * Cuts a page out of a list. A token names the last run of the page before, so that runs which
   * come in between move nothing.
   *
   * @param runs all runs, in order
   * @param size how many; empty: 50
   * @param token what the page before gave; empty: the first page
   * @throws RolescopeException INVALID_ARGUMENT where the size is out of range or the token is none
   */
  static Page of(List<RunSummary> runs, Optional<Integer> size, Optional<String> token) {
    int count = size.orElse(DEFAULT_SIZE);
    if (count < 1 || count > MAX_SIZE) {
      throw invalid("page_size is %d; give a number from 1 to %d".formatted(count, MAX_SIZE));
    }
    int first = token.map(each -> behind(runs, each)).orElse(0);
    List<RunSummary> items = runs.stream().skip(first).limit(count).toList();
    boolean last = first + items.size() >= runs.size();
    return new Page(items, last ? Optional.empty() : Optional.of(token(items.getLast())));
  }

  private static String token(RunSummary run) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(run.id().getBytes(StandardCharsets.UTF_8));
  }

  private static int behind(List<RunSummary> runs, String token) {
    return IntStream.range(0, runs.size())
        .filter(index -> token(runs.get(index)).equals(token))
        .map(index -> index + 1)
        .findFirst()
        .orElseThrow(
            () ->
                invalid(
                    "page_token `%s` is none that the list gave, or its run is gone; begin with the first page"
                        .formatted(token)));
  }

  private static RolescopeException invalid(String sentence) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, sentence);
  }
}
