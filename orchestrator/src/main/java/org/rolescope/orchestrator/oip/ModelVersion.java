package org.rolescope.orchestrator.oip;

import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.Model;

/** Versions of models: the first characters of their digest. A model has one version at a time. */
final class ModelVersion {
  private static final int SHOWN_CHARACTERS = 12;
  private static final int MIN_CHARACTERS = 8;

  private ModelVersion() {}

  /** The version of a model. */
  static String of(Model model) {
    String digest = model.getDigest();
    return digest.substring(0, Math.min(SHOWN_CHARACTERS, digest.length()));
  }

  /** Whether the version asked for is this model's, which the empty one always is. */
  static boolean matches(Model model, String wanted) {
    return wanted.isEmpty()
        || (wanted.length() >= MIN_CHARACTERS && model.getDigest().startsWith(wanted));
  }

  /**
   * Gives the model back where the version asked for is its own.
   *
   * @throws RolescopeException NOT_FOUND where it is not
   */
  static Model require(Model model, String wanted) {
    if (!matches(model, wanted)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "Model %s has no version `%s`; its version is %s, and the empty one is always right"
              .formatted(model.getName(), wanted, of(model)));
    }
    return model;
  }
}
