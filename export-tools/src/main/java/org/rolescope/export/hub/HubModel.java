package org.rolescope.export.hub;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * A model on a hub. Both parts become names of folders and parts of addresses, so they hold safe
 * characters only.
 *
 * @param id its id, {@code ORG/NAME}
 * @param revision branch, tag or commit
 */
public record HubModel(String id, String revision) {
  /** The revision where none is asked for. */
  public static final String DEFAULT_REVISION = "main";

  private static final String WORD = "(?!\\.)(?!.*\\.\\.)(?!.*--)[A-Za-z0-9._-]{1,96}(?<![.-])";
  private static final Pattern PART = Pattern.compile("(?!-)" + WORD);
  private static final Pattern REVISION_PART =
      Pattern.compile("(?!\\.)(?!.*\\.\\.)[A-Za-z0-9._+@-]{1,200}(?<!\\.)(?<!\\.lock)");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /**
   * Checks both parts.
   *
   * @throws RolescopeException INVALID_ARGUMENT where one is no id or no revision
   */
  public HubModel {
    if (!isId(requireNonNull(id, "id is null"))) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "\"%s\" is no id of a model on a hub; give one of the form ORG/NAME, for example HuggingFaceTB/SmolLM2-135M"
              .formatted(Wording.oneLine(id)));
    }
    if (!isRevision(requireNonNull(revision, "revision is null"))) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "\"%s\" is no revision; give a branch, a tag or a commit of the model"
              .formatted(Wording.oneLine(revision)));
    }
  }

  /**
   * The newest state of a model.
   *
   * @throws RolescopeException INVALID_ARGUMENT where this is no id
   */
  public static HubModel of(String id) {
    return new HubModel(id, DEFAULT_REVISION);
  }

  /** Whether this can be the id of a model: {@code ORG/NAME}. */
  public static boolean isId(String text) {
    int slash = text.indexOf('/');
    return slash >= 0
        && PART.matcher(text.substring(0, slash)).matches()
        && PART.matcher(text.substring(slash + 1)).matches();
  }

  /** The part of the id after the slash, by which the model may be called here. */
  public String name() {
    return id.substring(id.indexOf('/') + 1);
  }

  /** Name of its folder in the cache. */
  String folderName() {
    return "models--" + id.replace("/", "--");
  }

  /** Whether the revision is a commit, which never changes. */
  boolean isPinned() {
    return isCommit(revision);
  }

  /** Whether this is the full name of a commit. */
  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  private static boolean isRevision(String text) {
    if (text.isEmpty() || text.length() > 200) {
      return false;
    }
    for (String part : text.split("/", -1)) {
      if (!REVISION_PART.matcher(part).matches()) {
        return false;
      }
    }
    return true;
  }
}
