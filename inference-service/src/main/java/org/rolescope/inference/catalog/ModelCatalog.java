package org.rolescope.inference.catalog;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelName;
import org.rolescope.tensors.bundle.json.ManifestJson;

/**
 * Finds bundles below one directory. Reads the directory anew at each call, so a model exported
 * while the service runs is there at once.
 */
public final class ModelCatalog {
  private static final System.Logger LOG = System.getLogger(ModelCatalog.class.getName());

  private final Path directory;

  /**
   * Creates a catalog.
   *
   * @param directory folder whose sub-folders are bundles; need not exist yet
   */
  public ModelCatalog(Path directory) {
    this.directory = requireNonNull(directory, "directory is null");
  }

  /**
   * All models that can be run, ordered by name. A damaged bundle is left out and logged.
   *
   * @throws RolescopeException MALFORMED_MODEL where the directory cannot be read
   */
  public List<CatalogModel> models() {
    return names().stream().flatMap(this::readable).toList();
  }

  /**
   * One model.
   *
   * @throws RolescopeException INVALID_ARGUMENT where the name cannot be a model's; NOT_FOUND where
   *     there is no such model; MALFORMED_MODEL where its bundle is damaged
   */
  public CatalogModel model(String name) {
    if (!ModelName.isValid(name)) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "%s is no model name; `rolescope models` lists them"
              .formatted(name.isEmpty() ? "The empty string" : "\"" + name + "\""));
    }
    Path bundle = directory.resolve(name);
    if (!Files.isRegularFile(bundle.resolve(BundleManifest.FILE_NAME))) {
      List<String> known = names();
      throw new RolescopeException(
          FaultCode.NOT_FOUND,
          "There is no model %s; %s"
              .formatted(
                  name,
                  known.isEmpty()
                      ? "export one with `rolescope export`"
                      : "there are " + String.join(", ", known)));
    }
    return new CatalogModel(name, bundle, ManifestJson.read(bundle));
  }

  private Stream<CatalogModel> readable(String name) {
    try {
      return Stream.of(model(name));
    } catch (RolescopeException damaged) {
      LOG.log(System.Logger.Level.WARNING, damaged.getMessage());
      return Stream.empty();
    }
  }

  private List<String> names() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(directory)) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve(BundleManifest.FILE_NAME)))
          .map(folder -> folder.getFileName().toString())
          .filter(name -> ModelName.isValid(name))
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "The models folder %s cannot be read; check its permissions".formatted(directory),
          unreadable);
    }
  }
}
