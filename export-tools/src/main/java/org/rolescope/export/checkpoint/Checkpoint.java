package org.rolescope.export.checkpoint;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * A snapshot folder whose parts are all there and well-formed.
 *
 * @param folder the folder
 * @param configuration its {@code config.json}
 * @param weights its weight files
 */
public record Checkpoint(Path folder, Configuration configuration, List<WeightShard> weights) {
  /** Name of the configuration. */
  public static final String CONFIGURATION_FILE = "config.json";

  /** Name of the tokenizer. */
  public static final String TOKENIZER_FILE = "tokenizer.json";

  /** Name of the weights where they are in a single file. */
  public static final String WEIGHTS_FILE = "model.safetensors";

  /** Name of the file that says which tensor is in which file, where there are several. */
  public static final String SHARD_INDEX_FILE = "model.safetensors.index.json";

  private static final long MAX_SIDE_FILE_BYTES = 256L << 20;

  private static final long MAX_TEMPLATE_BYTES = 1L << 20;

  private static final List<String> SIDE_FILES =
      List.of(
          CONFIGURATION_FILE,
          TOKENIZER_FILE,
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          "generation_config.json");

  /** Copies the list of weight files. */
  public Checkpoint {
    requireNonNull(folder, "folder is null");
    requireNonNull(configuration, "configuration is null");
    weights = List.copyOf(weights);
  }

  /**
   * Opens a snapshot folder and validates its parts, except for what depends on the architecture.
   *
   * @throws RolescopeException NOT_FOUND where the folder or a part of it is missing,
   *     MALFORMED_MODEL where a part is damaged or of a kind that is not supported
   */
  public static Checkpoint open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "There is no folder %s; give the folder of a Hugging Face checkpoint, which holds %s, %s and %s"
              .formatted(folder, CONFIGURATION_FILE, WEIGHTS_FILE, TOKENIZER_FILE));
    }
    Configuration configuration = Configuration.read(part(folder, CONFIGURATION_FILE));
    List<WeightShard> weights = weights(folder);
    part(folder, TOKENIZER_FILE);
    Checkpoint checkpoint = new Checkpoint(folder, configuration, weights);
    for (Path file : checkpoint.sideFiles()) {
      SnapshotLinks.resolve(folder, file);
      if (file.toString().endsWith(".json")) {
        JsonFiles.checkObject(file, MAX_SIDE_FILE_BYTES);
      } else {
        checkSize(file);
      }
    }
    return checkpoint;
  }

  /** Its tokenizer. */
  public Path tokenizer() {
    return folder.resolve(TOKENIZER_FILE);
  }

  /** The small files that belong to the model and are there: configuration, tokenizer and so on. */
  public List<Path> sideFiles() {
    return SIDE_FILES.stream().map(folder::resolve).filter(Files::isRegularFile).toList();
  }

  /** One file, or, where that is not there, those the index names. */
  private static List<WeightShard> weights(Path folder) {
    Path index = folder.resolve(SHARD_INDEX_FILE);
    if (!Files.exists(folder.resolve(WEIGHTS_FILE)) && Files.exists(index)) {
      return ShardIndex.read(index).open(folder);
    }
    part(folder, WEIGHTS_FILE);
    return List.of(WeightShard.open(folder, WEIGHTS_FILE));
  }

  private static void checkSize(Path file) {
    try {
      if (Files.size(file) > MAX_TEMPLATE_BYTES) {
        throw new RolescopeException(
            FaultCode.MALFORMED_MODEL,
            "%s has %d bytes, more than the %d a chat template may have; take the one that belongs to the model"
                .formatted(file, Files.size(file), MAX_TEMPLATE_BYTES));
      }
    } catch (IOException unreadable) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "%s cannot be read; download it again".formatted(file),
          unreadable);
    }
  }

  private static Path part(Path folder, String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "The checkpoint %s has no file %s%s; download it completely"
              .formatted(folder, name, insteadOf(folder, name)));
    }
    return file;
  }

  /** What lies there instead of a missing part, where that explains why it is missing. */
  private static String insteadOf(Path folder, String name) {
    List<String> others =
        switch (name) {
          case WEIGHTS_FILE -> List.of("pytorch_model.bin", "pytorch_model.bin.index.json");
          case TOKENIZER_FILE -> List.of("tokenizer.model", "vocab.json");
          default -> List.of();
        };
    return others.stream()
        .filter(other -> Files.exists(folder.resolve(other)))
        .findFirst()
        .map(other -> " (it has %s, but that format cannot be read)".formatted(other))
        .orElse("");
  }
}
