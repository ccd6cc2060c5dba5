package org.rolescope.export.gguf;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.rolescope.export.StagingFolder;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.checkpoint.Quantisation;
import org.rolescope.export.file.ByteSize;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * The checkpoint folder made of a GGUF file, beside it: {@code model.gguf} gives {@code model}.
 * Quantised weights become float32, others keep their type. The folder is made under a hidden name
 * and renamed, so a failure leaves nothing behind; where it is there already and of the same file,
 * it stays.
 *
 * @param folder the folder
 * @param quantisation the types the weights were quantised to; may be empty
 * @param written whether it was made now
 */
public record GgufCheckpoint(Path folder, List<String> quantisation, boolean written) {
  private static final String EXTENSION = ".gguf";
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Copies the types. */
  public GgufCheckpoint {
    requireNonNull(folder, "folder is null");
    quantisation = List.copyOf(quantisation);
  }

  /** Whether a path names a GGUF file, there or not. */
  public static boolean isGguf(Path path) {
    Path name = path.getFileName();
    return name != null
        && name.toString().length() > EXTENSION.length()
        && name.toString().toLowerCase(Locale.ROOT).endsWith(EXTENSION)
        && !Files.isDirectory(path);
  }

  /** The folder that is made of a file. */
  public static Path folderOf(Path gguf) {
    String name = gguf.getFileName().toString();
    return gguf.toAbsolutePath()
        .normalize()
        .resolveSibling(name.substring(0, name.length() - EXTENSION.length()));
  }

  /**
   * Makes the folder, unless it is there.
   *
   * @throws RolescopeException NOT_FOUND where the file is missing or cannot be read,
   *     MALFORMED_MODEL where it is damaged or not supported, CONFLICT where something else is in
   *     the place of the folder, RESOURCE_EXHAUSTED where it cannot be written or the disk is too
   *     small
   */
  public static GgufCheckpoint make(Path gguf) {
    GgufFile file = GgufFile.read(gguf.toAbsolutePath().normalize());
    Path folder = folderOf(gguf);
    try {
      return file.use(bytes -> make(file, bytes, folder));
    } catch (IOException failed) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "The checkpoint %s cannot be made of %s (%s); check permissions and free space"
              .formatted(folder, gguf, failed.getMessage()),
          failed);
    }
  }

  private static GgufCheckpoint make(GgufFile file, MemorySegment bytes, Path folder)
      throws IOException {
    GgufModel model = GgufModel.of(file);
    List<String> quantisation = new ArrayList<>();
    for (JsonNode type : model.configuration().path(Quantisation.FIELD)) {
      quantisation.add(type.asText());
    }
    String fingerprint = GgufFingerprint.of(file, bytes);
    boolean there = Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
    Optional<SourceRecord> made = SourceRecord.read(folder);
    if (made.isPresent() && made.get().isWhole(folder, fingerprint)) {
      return new GgufCheckpoint(folder, quantisation, false);
    }
    if (there && made.isEmpty()) {
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "%s is in the way: the checkpoint made of %s goes there; move one of them"
              .formatted(folder, file.path()));
    }
    checkSpace(model, folder);
    try (StagingFolder staging = StagingFolder.beside(folder)) {
      write(model, bytes, staging.folder());
      SourceRecord.of(file, fingerprint, staging.folder()).write(staging.folder());
      if (there) {
        StagingFolder.replace(folder, staging.folder());
      } else {
        Files.move(staging.folder(), folder, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return new GgufCheckpoint(folder, quantisation, true);
  }

  private static void write(GgufModel model, MemorySegment bytes, Path folder) throws IOException {
    write(folder.resolve(Checkpoint.CONFIGURATION_FILE), model.configuration());
    write(folder.resolve(Checkpoint.TOKENIZER_FILE), model.tokenizer());
    write(folder.resolve("tokenizer_config.json"), model.tokenizerSettings());
    CheckpointWeightsWriter.write(
        bytes, model.placements(), folder.resolve(Checkpoint.WEIGHTS_FILE));
  }

  private static void write(Path file, ObjectNode content) throws IOException {
    MAPPER.writeValue(file.toFile(), content);
  }

  private static void checkSpace(GgufModel model, Path folder) throws IOException {
    long free = Files.getFileStore(folder.getParent()).getUsableSpace();
    if (free < model.weightBytes()) {
      throw new RolescopeException(
          FaultCode.RESOURCE_EXHAUSTED,
          "The checkpoint %s needs %s but the disk has only %s free; make room or move the GGUF file to another disk"
              .formatted(folder, ByteSize.text(model.weightBytes()), ByteSize.text(free)));
    }
  }
}
