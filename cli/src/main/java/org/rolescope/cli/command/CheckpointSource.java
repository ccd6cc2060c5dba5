package org.rolescope.cli.command;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import org.rolescope.export.hub.HubModel;

/** Where a checkpoint comes from. */
sealed interface CheckpointSource {
  /** What the model is called where no name is given. */
  String name();

  /** What a user means: a folder that is there, else a model on a hub if it can be an id. */
  static CheckpointSource of(String text) {
    Path folder = Path.of(text);
    return !Files.exists(folder) && HubModel.isId(text) ? new OnHub(text) : new Local(folder);
  }

  /**
   * On this machine.
   *
   * @param folder its folder or its GGUF file, which need not exist
   */
  record Local(Path folder) implements CheckpointSource {
    /** Checks that it is there. */
    public Local {
      requireNonNull(folder, "folder is null");
    }

    @Override
    public String name() {
      return ExportStep.nameOf(GgufStep.folderOf(folder));
    }
  }

  /**
   * On a hub.
   *
   * @param id its id
   */
  record OnHub(String id) implements CheckpointSource {
    /** Checks that it is there. */
    public OnHub {
      requireNonNull(id, "id is null");
    }

    @Override
    public String name() {
      return HubModel.of(id).name();
    }
  }
}
