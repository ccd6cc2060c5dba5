package org.rolescope.orchestrator.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.rolescope.orchestrator.view.ViewJson;

/**
 * A body that is told from others by its digest, so that whoever has it need not fetch it again.
 *
 * @param mediaType what it is
 * @param tag its entity tag; weak, since it may travel compressed
 * @param bytes the bytes; nobody changes them
 */
record Body(String mediaType, String tag, byte[] bytes) {
  private static final int DIGEST_LENGTH = 32;

  /** Bytes of a kind. */
  static Body of(String mediaType, byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      String hex = HexFormat.of().formatHex(digest).substring(0, DIGEST_LENGTH);
      return new Body(mediaType, "W/\"" + hex + "\"", bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A view. */
  static Body json(Object view) {
    return of("application/json", ViewJson.bytes(view));
  }

  /** A text. */
  static Body text(String mediaType, String text) {
    return of(mediaType, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The answer: 304 without a body where the caller has it. */
  MutableHttpResponse<byte[]> answer(HttpRequest<?> request) {
    MutableHttpResponse<byte[]> response =
        isKnown(request) ? HttpResponse.notModified() : HttpResponse.ok(bytes);
    return response
        .contentType(mediaType)
        .header(HttpHeaders.ETAG, tag)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache");
  }

  private boolean isKnown(HttpRequest<?> request) {
    List<String> known = request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH);
    return known.stream()
        .flatMap(tags -> Arrays.stream(tags.split(",")))
        .map(String::strip)
        .anyMatch(each -> each.equals(tag) || each.equals("*"));
  }
}
