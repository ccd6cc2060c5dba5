package org.rolescope.cli.family;

import static java.util.Objects.requireNonNull;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.rolescope.export.file.Wording;
import org.rolescope.export.hub.HubModel;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Where the checkpoint of a model comes from. */
public sealed interface ModelSource {
  /** The source as a user would write it. */
  String text();

  /** The model's own name: the last part of where it is. */
  String name();

  /**
   * A folder on this machine.
   *
   * @param path the folder, absolute
   */
  record Folder(Path path) implements ModelSource {
    /** Makes the path absolute. */
    public Folder {
      path = requireNonNull(path, "path is null").toAbsolutePath().normalize();
    }

    @Override
    public String text() {
      return path.toString();
    }

    @Override
    public String name() {
      Path last = path.getFileName();
      return last == null ? "model" : last.toString();
    }
  }

  /**
   * A model on a hub.
   *
   * @param model id and revision
   */
  record OnHub(HubModel model) implements ModelSource {
    /** Checks that nothing is missing. */
    public OnHub {
      requireNonNull(model, "model is null");
    }

    @Override
    public String text() {
      return model.revision().equals(HubModel.DEFAULT_REVISION)
          ? model.id()
          : model.id() + REVISION + model.revision();
    }

    @Override
    public String name() {
      return model.name();
    }
  }

  /** Stands between id and revision; no id holds it. */
  String REVISION = "@";

  /**
   * Reads a source: {@code ORG/NAME} or {@code ORG/NAME@REVISION} is a model on a hub, what begins
   * with {@code ./}, {@code ../} or {@code /} a folder. A folder cannot be taken for an id, nor the
   * other way round, whatever lies where.
   *
   * @param start folder that relative ones start at
   * @throws RolescopeException INVALID_ARGUMENT where it is neither
   */
  static ModelSource of(String text, Path start) {
    Optional<Path> folder = folder(text);
    if (folder.isPresent()) {
      return new Folder(start.resolve(folder.get()));
    }
    int revision = text.indexOf(REVISION);
    String id = revision < 0 ? text : text.substring(0, revision);
    if (!HubModel.isId(id)) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "\"%s\" is neither a model on a hub (ORG/NAME or ORG/NAME@REVISION) nor a folder (begin it with ./, ../ or /)"
              .formatted(Wording.oneLine(text)));
    }
    return new OnHub(
        revision < 0 ? HubModel.of(id) : new HubModel(id, text.substring(revision + 1)));
  }

  private static Optional<Path> folder(String text) {
    try {
      Path path = Path.of(text);
      boolean relative =
          text.equals(".") || text.equals("..") || text.startsWith("./") || text.startsWith("../");
      return relative || path.isAbsolute() ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException noPath) {
      return Optional.empty();
    }
  }
}
