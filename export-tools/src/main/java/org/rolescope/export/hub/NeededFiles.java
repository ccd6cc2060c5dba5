package org.rolescope.export.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Which of the files of a model an export needs, weights apart. All lie at the top of it. */
final class NeededFiles {
  private static final Pattern SIDE_FILE =
      Pattern.compile(
          "config\\.json|generation_config\\.json|tokenizer[A-Za-z0-9._-]{0,60}\\.json"
              + "|special_tokens_map\\.json|chat_template\\.jinja");
  private static final Pattern OTHER_WEIGHTS =
      Pattern.compile(".*\\.(?:bin|pth?|gguf|onnx|h5|msgpack)|.*/.*\\.safetensors");

  private NeededFiles() {}

  /** Those of these names that are needed beside the weights. */
  static List<String> sideFiles(Collection<String> names) {
    return names.stream().filter(name -> SIDE_FILE.matcher(name).matches()).sorted().toList();
  }

  /**
   * Checks that a model has what an export needs, before anything large is fetched.
   *
   * @throws RolescopeException MALFORMED_MODEL where it lacks a part
   */
  static void check(HubModel model, Collection<String> names) {
    if (!names.contains(Checkpoint.WEIGHTS_FILE) && !names.contains(Checkpoint.SHARD_INDEX_FILE)) {
      List<String> others = new ArrayList<>(names);
      others.removeIf(name -> !OTHER_WEIGHTS.matcher(name).matches());
      throw lacks(
          model,
          others.isEmpty()
              ? "no weights as " + Checkpoint.WEIGHTS_FILE
              : "no weights as %s, only as others like %s"
                  .formatted(Checkpoint.WEIGHTS_FILE, Wording.oneLine(others.getFirst())));
    }
    for (String part : List.of(Checkpoint.CONFIGURATION_FILE, Checkpoint.TOKENIZER_FILE)) {
      if (!names.contains(part)) {
        throw lacks(model, "no " + part);
      }
    }
  }

  private static RolescopeException lacks(HubModel model, String what) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "The model %s has %s at revision %s, so it cannot be exported; choose another --revision or a model in the safetensors format of transformers"
            .formatted(model.id(), what, model.revision()));
  }
}
