package org.rolescope.orchestrator.execute;

import java.util.Locale;
import org.rolescope.orchestrator.artifacts.TableFormat;

/** A table of a finished run; it is written in every format. */
enum RunTable {
  /** A row a layer. */
  LAYERS,
  /** A row a head of each model. */
  HEADS,
  /** A row a kind of entropy of each layer of each model. */
  CONTROLS,
  /** A row a prompt in each head of each model. */
  PROMPTS;

  /** Name of its file in a format, for example {@code heads.csv}. */
  String fileName(TableFormat format) {
    return format.fileName(name().toLowerCase(Locale.ROOT));
  }
}
