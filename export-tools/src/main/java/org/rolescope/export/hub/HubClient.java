package org.rolescope.export.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.RolescopeException;

/**
 * Asks the hub. Follows redirects itself, because the token is for the hub alone and must not reach
 * the hosts that large files are fetched from.
 */
final class HubClient implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;
  private static final int MAX_LISTING_BYTES = 64 << 20;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Duration CONNECT = Duration.ofSeconds(30);

  private final HubSettings settings;
  private final HubPatience patience;
  private final HubModel model;
  private final HubFaults faults;
  private final HttpClient http;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("hub-stall-watch").factory());

  HubClient(HubSettings settings, HubPatience patience, HubModel model) {
    this.settings = settings;
    this.patience = patience;
    this.model = model;
    this.faults = new HubFaults(settings, model);
    // HTTP/1.1: files in parallel shall have connections of their own.
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();
  }

  /**
   * The hub's list of the files of a model.
   *
   * @return JSON, unchecked
   */
  byte[] listing() {
    URI address =
        URI.create(
            "%s/api/models/%s/revision/%s?blobs=true"
                .formatted(settings.endpoint(), model.id(), encoded(model.revision())));
    try (HubResponse response = get(address, 0, faults::missing)) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = response.body().read(buffer);
          count >= 0;
          count = response.body().read(buffer)) {
        content.write(buffer, 0, count);
        if (content.size() > MAX_LISTING_BYTES) {
          throw faults.badAnswer("it has more than %d bytes".formatted(MAX_LISTING_BYTES));
        }
      }
      return content.toByteArray();
    }
  }

  /**
   * The bytes of a file from some byte on; the hub may answer with all of it instead.
   *
   * @param from first byte wanted
   */
  HubResponse file(String commit, String name, long from) {
    URI address =
        URI.create(
            "%s/%s/resolve/%s/%s"
                .formatted(settings.endpoint(), model.id(), commit, encoded(name)));
    return get(address, from, errorCode -> faults.missingFile(name));
  }

  /** What 404 means where it is asked. */
  @FunctionalInterface
  private interface Missing {
    RolescopeException fault(String errorCode);
  }

  private HubResponse get(URI first, long from, Missing missing) {
    URI address = first;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<InputStream> answer = send(address, from);
      HubBody body = new HubBody(answer.body(), patience.stall(), host(address), clock);
      int status = answer.statusCode();
      if (status == HubResponse.WHOLE
          || (from > 0 && (status == HubResponse.PARTIAL || status == HubResponse.NO_SUCH_RANGE))) {
        return new HubResponse(status, answer.headers(), body);
      }
      body.close();
      Optional<String> location = answer.headers().firstValue("Location");
      if (status / 100 != 3 || location.isEmpty()) {
        throw fault(address, answer, missing);
      }
      address = next(address, location.get());
    }
    throw faults.badAnswer("more than %d redirects".formatted(MAX_REDIRECTS));
  }

  private HttpResponse<InputStream> send(URI address, long from) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("User-Agent", "rolescope")
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=%d-".formatted(from));
    }
    if (isHub(address)) {
      settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    CompletableFuture<HttpResponse<InputStream>> answer =
        http.sendAsync(request.build(), BodyHandlers.ofInputStream());
    try {
      return answer.get(patience.stall().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException silent) {
      answer.cancel(true);
      throw new TransferFault(
          "%s has not answered for %d s".formatted(host(address), patience.stall().toSeconds()),
          silent);
    } catch (ExecutionException failed) {
      throw new TransferFault(
          "%s cannot be reached (%s)".formatted(host(address), reason(failed.getCause())),
          failed.getCause());
    } catch (InterruptedException interrupted) {
      answer.cancel(true);
      throw Retries.cancelled(interrupted);
    }
  }

  private RolescopeException fault(URI address, HttpResponse<?> answer, Missing missing) {
    int status = answer.statusCode();
    String errorCode = answer.headers().firstValue("X-Error-Code").orElse("");
    if (status == 429 || status == 503) {
      throw limited(address, answer);
    }
    if (status >= 500 || status == 408) {
      throw new TransferFault("%s answers with status %d".formatted(host(address), status));
    }
    if (!isHub(address)) {
      // Signed addresses end after a while; the hub gives a new one.
      throw new TransferFault(
          "%s, which %s sends to, answers with status %d"
              .formatted(host(address), faults.host(), status));
    }
    return switch (status) {
      case 401, 403 -> faults.refused(status, errorCode);
      case 404 -> missing.fault(errorCode);
      default -> faults.strange(status);
    };
  }

  private TransferFault limited(URI address, HttpResponse<?> answer) {
    Optional<Duration> asked = answer.headers().firstValue("Retry-After").flatMap(HubClient::delay);
    if (asked.isPresent() && asked.get().compareTo(patience.maxRetryAfter()) > 0) {
      throw faults.limited(asked.get().toSeconds());
    }
    int status = answer.statusCode();
    return new TransferFault(
        status == 429
            ? "%s takes no more requests for now (status 429)".formatted(host(address))
            : "%s answers with status %d".formatted(host(address), status),
        asked.orElse(status == 429 ? patience.rateLimitDelay() : null),
        null);
  }

  /** Seconds or a date; empty where it is neither. */
  private static Optional<Duration> delay(String retryAfter) {
    if (retryAfter.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)));
    }
    try {
      Instant until =
          ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(Instant.now(), until);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeParseException neither) {
      return Optional.empty();
    }
  }

  private URI next(URI address, String location) {
    URI next;
    try {
      next = address.resolve(location);
    } catch (IllegalArgumentException invalid) {
      throw faults.badAnswer("it redirects to %s".formatted(location));
    }
    boolean safe =
        next.getHost() != null
            && next.getRawUserInfo() == null
            && ("https".equals(next.getScheme())
                || ("http".equals(next.getScheme()) && "http".equals(address.getScheme())));
    if (!safe) {
      throw faults.badAnswer("it redirects to %s".formatted(location));
    }
    return next;
  }

  /** Whether this address is on the hub itself, which may see the token. */
  private boolean isHub(URI address) {
    URI hub = settings.endpoint();
    return hub.getScheme().equals(address.getScheme())
        && hub.getHost().equalsIgnoreCase(address.getHost())
        && hub.getPort() == address.getPort();
  }

  private static String host(URI address) {
    return address.getRawAuthority();
  }

  private static String reason(Throwable cause) {
    for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
      if (inner instanceof java.nio.channels.UnresolvedAddressException
          || inner instanceof java.net.UnknownHostException) {
        return "its name is unknown";
      }
    }
    boolean refused = cause instanceof java.net.ConnectException && cause.getMessage() == null;
    String message = refused ? "no connection" : String.valueOf(cause.getMessage());
    return Wording.oneLine(cause instanceof IOException ? message : cause.toString());
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    clock.shutdownNow();
    http.shutdownNow();
  }
}
