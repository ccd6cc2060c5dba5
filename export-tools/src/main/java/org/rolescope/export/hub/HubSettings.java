package org.rolescope.export.hub;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rolescope.export.file.FileFaults;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Which hub, and where its files are kept: as Python's {@code huggingface_hub} has it, so that both
 * share a cache.
 *
 * @param endpoint address of the hub, without a slash at its end
 * @param token what proves who asks; empty to ask as nobody
 * @param cache folder of the cache; need not exist
 * @param offline whether to use the cache alone
 * @param parallelism files fetched at the same time; at least 1
 */
public record HubSettings(
    URI endpoint, Optional<String> token, Path cache, boolean offline, int parallelism) {
  /** Files fetched at the same time where nothing else is said. */
  public static final int DEFAULT_PARALLELISM = 4;

  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");

  /**
   * Checks the address and the token and makes the path absolute.
   *
   * @throws RolescopeException INVALID_ARGUMENT where one of them cannot be used
   */
  public HubSettings {
    endpoint = checkedEndpoint(requireNonNull(endpoint, "endpoint is null"));
    token.ifPresent(HubSettings::checkToken);
    cache = requireNonNull(cache, "cache is null").toAbsolutePath().normalize();
    if (parallelism < 1) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The number of files fetched at the same time is %d; give at least 1"
              .formatted(parallelism));
    }
  }

  /**
   * Settings from environment variables: {@code HF_ENDPOINT}, {@code HF_TOKEN} (else the file
   * {@code HF_TOKEN_PATH}, else {@code $HF_HOME/token}), {@code HF_HUB_CACHE} (else {@code
   * $HF_HOME/hub}), {@code HF_HUB_OFFLINE}. {@code HF_HOME} is {@code ~/.cache/huggingface} where
   * it is not set. An empty variable counts as absent.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a value cannot be used, NOT_FOUND where the
   *     token file cannot be read
   */
  public static HubSettings of(Map<String, String> environment) {
    Variables variables = new Variables(Map.copyOf(environment));
    Path home =
        variables
            .path("HF_HOME")
            .orElseGet(
                () ->
                    variables
                        .path("XDG_CACHE_HOME")
                        .orElseGet(() -> variables.userHome().resolve(".cache"))
                        .resolve("huggingface"));
    return new HubSettings(
        variables.endpoint(),
        variables.token(home),
        variables.path("HF_HUB_CACHE").orElseGet(() -> home.resolve("hub")),
        variables.flag("HF_HUB_OFFLINE"),
        DEFAULT_PARALLELISM);
  }

  /** The same, but using the cache alone where this says so; never the other way round. */
  public HubSettings withOffline(boolean asked) {
    return new HubSettings(endpoint, token, cache, offline || asked, parallelism);
  }

  /** Everything but the token, which must not get into a log. */
  @Override
  public String toString() {
    return "HubSettings[endpoint=%s, token=%s, cache=%s, offline=%s, parallelism=%d]"
        .formatted(endpoint, token.isPresent() ? "given" : "none", cache, offline, parallelism);
  }

  private static URI checkedEndpoint(URI endpoint) {
    String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme();
    boolean usable =
        (scheme.equals("http") || scheme.equals("https"))
            && endpoint.getHost() != null
            && endpoint.getRawUserInfo() == null
            && endpoint.getRawQuery() == null
            && endpoint.getRawFragment() == null;
    if (!usable) {
      throw badEndpoint(endpoint.toString(), null);
    }
    return URI.create(endpoint.toString().replaceFirst("/+$", ""));
  }

  private static RolescopeException badEndpoint(String value, Exception cause) {
    return new RolescopeException(
        FaultCode.INVALID_ARGUMENT,
        "HF_ENDPOINT is \"%s\", which is no address of a hub; give one like %s, or unset it"
            .formatted(Wording.oneLine(value), DEFAULT_ENDPOINT),
        cause);
  }

  private static void checkToken(String token) {
    if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "The token for the hub holds characters that no token has; check HF_TOKEN and the file it"
              + " may be kept in");
    }
  }

  /** Environment variables, as Python's library reads them. */
  private record Variables(Map<String, String> values) {
    private Optional<String> text(String name) {
      return Optional.ofNullable(values.get(name)).map(String::strip).filter(v -> !v.isEmpty());
    }

    private boolean flag(String name) {
      return text(name).filter(value -> TRUE.contains(value.toLowerCase(Locale.ROOT))).isPresent();
    }

    private Path userHome() {
      return Path.of(text("HOME").orElseGet(() -> System.getProperty("user.home")));
    }

    private Optional<Path> path(String name) {
      return text(name).map(value -> path(name, value));
    }

    private Path path(String name, String value) {
      try {
        return value.startsWith("~/")
            ? userHome().resolve(value.substring(2))
            : Path.of(value.equals("~") ? userHome().toString() : value);
      } catch (InvalidPathException invalid) {
        throw new RolescopeException(
            FaultCode.INVALID_ARGUMENT,
            "%s is \"%s\", which is no path; name a folder".formatted(name, Wording.oneLine(value)),
            invalid);
      }
    }

    private URI endpoint() {
      String value = text("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT);
      try {
        return new URI(value);
      } catch (URISyntaxException invalid) {
        throw badEndpoint(value, invalid);
      }
    }

    private Optional<String> token(Path home) {
      return text("HF_TOKEN")
          .or(() -> tokenIn(path("HF_TOKEN_PATH").orElseGet(() -> home.resolve("token"))));
    }

    private static Optional<String> tokenIn(Path file) {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      try {
        return Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty());
      } catch (IOException unreadable) {
        throw FileFaults.unreadable(file, unreadable);
      }
    }
  }
}
