package org.rolescope.export.hub;

import java.io.IOException;
import org.rolescope.export.file.ByteSize;
import org.rolescope.export.file.FileFaults;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * What to tell a user of a fault on the way from the hub.
 *
 * @param settings the hub
 * @param model the model that was asked for
 */
record HubFaults(HubSettings settings, HubModel model) {
  private static final String AGAIN = "run it again, and it goes on where it was";

  /** 401 or 403: the hub does not say to everyone whether a model exists. */
  RolescopeException refused(int status, String errorCode) {
    if (errorCode.equals("GatedRepo")) {
      return notFound(
          settings.token().isEmpty()
              ? "The model %s is gated: accept its terms at %s, then put a token of that account into HF_TOKEN"
                  .formatted(model.id(), page())
              : "The model %s is gated and the token given may not read it: accept its terms at %s with the account of the token"
                  .formatted(model.id(), page()));
    }
    return notFound(
        settings.token().isEmpty()
            ? "%s has no model %s that everyone may read (status %d); check the id, or, where it is private or gated, put a token into HF_TOKEN"
                .formatted(host(), model.id(), status)
            : "%s does not let the token given read %s (status %d); check the id, and that the token is valid and its account has accepted the terms at %s"
                .formatted(host(), model.id(), status, page()));
  }

  /** 404 for the model as a whole. */
  RolescopeException missing(String errorCode) {
    return notFound(
        errorCode.equals("RevisionNotFound")
            ? "The model %s has no revision %s; see its branches, tags and commits at %s"
                .formatted(model.id(), model.revision(), page())
            : "%s has no model %s; check the id, and HF_TOKEN where it is private"
                .formatted(host(), model.id()));
  }

  /** 404 for a file that was listed. */
  RolescopeException missingFile(String file) {
    return notFound(
        "%s lists the file %s of %s but does not have it; choose another --revision or tell the model's owners"
            .formatted(host(), file, model.id()));
  }

  /** A status that is no answer to what was asked. */
  RolescopeException strange(int status) {
    return new RolescopeException(
        FaultCode.UNAVAILABLE,
        "%s answers with status %d, which a hub does not; check HF_ENDPOINT"
            .formatted(host(), status));
  }

  /** A time to wait that is too long. */
  RolescopeException limited(long seconds) {
    return new RolescopeException(
        FaultCode.UNAVAILABLE,
        "%s takes no more requests for %d s; run it again after that, or put a token into HF_TOKEN for a higher limit"
            .formatted(host(), seconds));
  }

  /** An answer that makes no sense. */
  RolescopeException badAnswer(String reason) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "What %s says of %s cannot be used: %s; check HF_ENDPOINT, or choose another --revision"
            .formatted(host(), model.id(), Wording.oneLine(reason)));
  }

  /** Trouble that did not end. */
  RolescopeException lasting(TransferFault fault, boolean cached) {
    return new RolescopeException(
        FaultCode.UNAVAILABLE,
        "%s; check the network and %s%s"
            .formatted(
                fault.getMessage(),
                AGAIN,
                cached ? ", or take the copy in the cache with --offline" : ""),
        fault);
  }

  /** A file that arrived, but not as it was sent. */
  RolescopeException damaged(HubFile file) {
    return new RolescopeException(
        FaultCode.DATA_LOSS,
        "The file %s of %s arrived damaged: its checksum is not %s; it was thrown away, so run it again, and if that does not help look for a proxy that changes downloads"
            .formatted(file.name(), model.id(), file.checksum()));
  }

  /** Too little space. */
  RolescopeException noSpace(long neededBytes, long freeBytes) {
    return new RolescopeException(
        FaultCode.RESOURCE_EXHAUSTED,
        "The download of %s needs %s but %s has only %s free; free some, or name a folder on another disk with HF_HUB_CACHE"
            .formatted(
                model.id(),
                ByteSize.text(neededBytes),
                settings.cache(),
                ByteSize.text(freeBytes)));
  }

  /** Offline, and the cache does not have what is needed. */
  RolescopeException notCached(String missing) {
    return notFound(
        "The cache %s has no whole copy of %s at revision %s (%s); run it once without --offline and HF_HUB_OFFLINE"
            .formatted(settings.cache(), model.id(), model.revision(), missing));
  }

  /** The cache cannot be written. */
  RolescopeException unwritable(IOException cause) {
    return new RolescopeException(
        FaultCode.RESOURCE_EXHAUSTED,
        "The cache %s cannot be written (%s); check its permissions and the free space, or name another folder with HF_HUB_CACHE"
            .formatted(settings.cache(), Wording.oneLine(FileFaults.reason(cause))),
        cause);
  }

  /** Host of the hub, and port where it has one. */
  String host() {
    return settings.endpoint().getRawAuthority();
  }

  private String page() {
    return settings.endpoint() + "/" + model.id();
  }

  private static RolescopeException notFound(String message) {
    return new RolescopeException(FaultCode.NOT_FOUND, message);
  }
}
