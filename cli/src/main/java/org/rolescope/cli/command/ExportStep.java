package org.rolescope.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.rolescope.cli.output.Tables;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.ExportedBundle;
import org.rolescope.export.Exporter;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.ModelDimensions;

/** Exports a checkpoint and says so. */
final class ExportStep {
  private final PrintWriter out;

  ExportStep(PrintWriter out) {
    this.out = out;
  }

  void export(ExportRequest request) {
    ExportedBundle bundle = bundle(request);
    ModelDimensions model = bundle.manifest().dimensions();
    out.printf(
        "%s %s: %s, %d layers, %d heads, %s parameters, %d stages%n",
        bundle.written() ? "Exported" : "Already there:",
        bundle.folder().getFileName(),
        model.architecture(),
        model.layerCount(),
        model.headCount(),
        Tables.grouped(model.parameterCount()),
        bundle.manifest().stages().size());
  }

  private static ExportedBundle bundle(ExportRequest request) {
    try {
      return new Exporter().export(request);
    } catch (RolescopeException fault) {
      if (fault.code() != FaultCode.CONFLICT || request.overwrite()) {
        throw fault;
      }
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "%s holds something else; choose another name or replace it with --overwrite"
              .formatted(request.bundle()),
          fault);
    }
  }

  /** The name a checkpoint gets where none is given: that of its folder. */
  static String nameOf(Path checkpoint) {
    Path name = checkpoint.toAbsolutePath().normalize().getFileName();
    return name == null ? "model" : name.toString();
  }
}
