package org.rolescope.export.hub;

import java.net.http.HttpHeaders;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer of the hub that brings bytes.
 *
 * @param status 200, 206 or 416
 * @param headers its headers
 * @param body its body
 */
record HubResponse(int status, HttpHeaders headers, HubBody body) implements AutoCloseable {
  /** All bytes from the beginning. */
  static final int WHOLE = 200;

  /** Some of the bytes. */
  static final int PARTIAL = 206;

  /** There are no such bytes. */
  static final int NO_SUCH_RANGE = 416;

  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(?:\\d+|\\*)");

  /** Which byte of the file comes first; empty where the answer does not say. */
  OptionalLong firstByte() {
    if (status != PARTIAL) {
      return OptionalLong.of(0);
    }
    Matcher range = RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
    return range.matches() ? OptionalLong.of(Long.parseLong(range.group(1))) : OptionalLong.empty();
  }

  /** How many bytes it says it brings; empty where it does not say. */
  OptionalLong lengthBytes() {
    return headers.firstValueAsLong("Content-Length");
  }

  @Override
  public void close() {
    body.close();
  }
}
