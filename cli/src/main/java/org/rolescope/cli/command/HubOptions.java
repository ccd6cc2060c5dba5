package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.rolescope.cli.output.DownloadProgress;
import org.rolescope.export.file.ByteSize;
import org.rolescope.export.hub.Hub;
import org.rolescope.export.hub.HubModel;
import org.rolescope.export.hub.HubSettings;
import org.rolescope.export.hub.HubSnapshot;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import picocli.CommandLine.Option;

/** How models come from a hub; which hub, and its cache, is said by environment variables. */
final class HubOptions {
  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description = "Branch, tag or commit of a model on the hub (default: main).")
  private String revision;

  @Option(
      names = "--offline",
      description = "Take a model on the hub from the cache alone (default: HF_HUB_OFFLINE).")
  private boolean offline;

  /**
   * Checks that the options fit where the checkpoint is.
   *
   * @throws RolescopeException INVALID_ARGUMENT where a folder is given a revision
   */
  void check(CheckpointSource source) {
    if (revision != null && source instanceof CheckpointSource.Local local) {
      throw new RolescopeException(
          FaultCode.INVALID_ARGUMENT,
          "--revision is for models on the hub, but %s is a folder or no id of the form ORG/NAME; leave it out"
              .formatted(local.folder()));
    }
  }

  /** The folder of a checkpoint, fetched if it is on a hub. */
  Path folder(CheckpointSource source, PrintWriter out, PrintWriter err) {
    return switch (source) {
      case CheckpointSource.Local local -> local.folder();
      case CheckpointSource.OnHub model ->
          fetched(
              new HubModel(model.id(), revision == null ? HubModel.DEFAULT_REVISION : revision),
              out,
              err);
    };
  }

  private Path fetched(HubModel model, PrintWriter out, PrintWriter err) {
    HubSettings settings = HubSettings.of(System.getenv()).withOffline(offline);
    err.printf(
        "There is no folder %s here; looking for the model of that id %s%n",
        model.id(), settings.offline() ? "in " + settings.cache() : "at " + settings.endpoint());
    err.flush();
    Hub hub = new Hub(settings);
    HubSnapshot snapshot;
    Path folder;
    try (DownloadProgress progress = DownloadProgress.lines(err)) {
      snapshot = hub.look(model, progress);
    }
    try (DownloadProgress progress = DownloadProgress.on(err, model.name(), snapshot)) {
      folder = hub.fetch(snapshot, progress);
    }
    out.printf(
        "%s %s at commit %s: %d files, %s%n",
        snapshot.isCached() ? "In the cache:" : "Fetched",
        model.id(),
        snapshot.commit(),
        snapshot.files().size(),
        ByteSize.text(snapshot.sizeBytes()));
    return folder;
  }
}
