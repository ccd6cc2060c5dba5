package org.rolescope.orchestrator.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Pattern;
import org.rolescope.orchestrator.json.Json;

/**
 * Id of a run: the family name, a dash, and the first 12 hex digits of the SHA-256 over the plan,
 * the digests of its models, and the version of the run format. Equal plans on equal models have
 * equal ids.
 *
 * @param text the id; safe as the name of a folder
 */
public record RunId(String text) implements Comparable<RunId> {
  /** Raised when the same plan would lead to other files, so that old runs are not gone on with. */
  public static final int FORMAT_VERSION = 2;

  private static final int DIGEST_LENGTH = 12;
  private static final Pattern FORM =
      Pattern.compile(RunPlan.FAMILY_PATTERN + "-[0-9a-f]{" + DIGEST_LENGTH + "}");

  /**
   * Checks the form, which has no room for tricks with paths.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where it is not that of an id
   */
  public RunId {
    Invalid.unless(
        isWellFormed(text),
        "`%s` is no run id; use one from the list of runs, such as demo-0123456789ab",
        text);
  }

  /**
   * The id of a plan.
   *
   * @param plan the plan
   * @param models what tells each model from others, above all the digest of its content, in the
   *     order of {@link RunPlan#models}
   */
  public static RunId of(RunPlan plan, List<String> models) {
    ObjectNode identity = PlanJson.write(plan);
    identity.put("format_version", FORMAT_VERSION);
    models.forEach(identity.putArray("model_digests")::add);
    return of(plan.family(), identity);
  }

  /**
   * The id of anything that is told from others of its kind by a family name and a JSON object.
   *
   * @param family family name
   * @param identity what its results follow from, with keys in a fixed order
   */
  public static RunId of(String family, ObjectNode identity) {
    String digest = Digests.sha256(Json.compact(identity));
    return new RunId(RunPlan.checkFamily(family) + "-" + digest.substring(0, DIGEST_LENGTH));
  }

  /** Whether this could be the id of a run. */
  public static boolean isWellFormed(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(RunId other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
