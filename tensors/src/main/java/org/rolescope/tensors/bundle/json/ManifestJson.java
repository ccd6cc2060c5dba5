package org.rolescope.tensors.bundle.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.BundleManifest;

/** Reads and writes {@code rolescope.json}. */
public final class ManifestJson {
  private static final long MAX_SIZE_BYTES = 64L << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ManifestJson() {}

  /** The manifest as JSON text, ending in a line feed. Equal manifests give equal text. */
  public static String write(BundleManifest manifest) {
    try {
      return MAPPER.writeValueAsString(manifest) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a manifest cannot be written", impossible);
    }
  }

  /**
   * Reads the manifest of a bundle.
   *
   * @param bundle folder of the bundle
   * @throws RolescopeException NOT_FOUND where the folder holds no manifest, MALFORMED_MODEL where
   *     the manifest is not valid
   */
  public static BundleManifest read(Path bundle) {
    Path file = bundle.resolve(BundleManifest.FILE_NAME);
    if (!Files.isRegularFile(file)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "%s is no model bundle: it has no %s; make one with `rolescope export`"
              .formatted(bundle, BundleManifest.FILE_NAME));
    }
    try {
      if (Files.size(file) > MAX_SIZE_BYTES) {
        throw malformed(file, "it is larger than " + MAX_SIZE_BYTES + " bytes", null);
      }
      return MAPPER.readValue(file.toFile(), BundleManifest.class);
    } catch (JacksonException invalid) {
      Throwable reason = invalid.getCause() == null ? invalid : invalid.getCause();
      String text = invalid.getCause() == null ? invalid.getOriginalMessage() : reason.getMessage();
      throw malformed(file, text, invalid);
    } catch (IOException unreadable) {
      throw malformed(file, unreadable.getMessage(), unreadable);
    }
  }

  private static RolescopeException malformed(Path file, String reason, Throwable cause) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "The manifest %s is damaged: %s; export the model again".formatted(file, reason),
        cause);
  }
}
