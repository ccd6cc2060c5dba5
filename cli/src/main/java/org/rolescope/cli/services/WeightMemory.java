package org.rolescope.cli.services;

import io.micronaut.context.env.Environment;
import org.rolescope.inference.session.MemoryBudget;

/** The memory that services in this process may use for weights. */
public final class WeightMemory {
  private static final String PROPERTY = "rolescope.inference.memory-budget";

  private WeightMemory() {}

  /** As it is configured for them, by default a quarter of the machine's; bytes. */
  public static long budgetBytes() {
    try (Environment settings = ServiceContext.settings()) {
      return MemoryBudget.resolve(settings.getProperty(PROPERTY, Long.class).orElse(0L));
    }
  }
}
