package org.rolescope.orchestrator.artifacts;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * A column of a table: its heading, its type, and what it holds of a row.
 *
 * @param <R> what a row is made of
 */
sealed interface Column<R> {
  /** The heading. */
  String name();

  /**
   * Whole numbers; there is always one.
   *
   * @param name heading
   * @param value the number of a row
   */
  record Whole<R>(String name, ToIntFunction<R> value) implements Column<R> {
    /** Checks that both are there. */
    public Whole {
      requireNonNull(name, "name is null");
      requireNonNull(value, "value is null");
    }
  }

  /**
   * Real numbers.
   *
   * @param name heading
   * @param value the number of a row; NaN where there is none
   */
  record Real<R>(String name, ToDoubleFunction<R> value) implements Column<R> {
    /** Checks that both are there. */
    public Real {
      requireNonNull(name, "name is null");
      requireNonNull(value, "value is null");
    }
  }

  /**
   * Yes or no.
   *
   * @param name heading
   * @param value whether it holds for a row
   */
  record Flag<R>(String name, Predicate<R> value) implements Column<R> {
    /** Checks that both are there. */
    public Flag {
      requireNonNull(name, "name is null");
      requireNonNull(value, "value is null");
    }
  }

  /**
   * Texts; there is always one.
   *
   * @param name heading
   * @param value the text of a row
   */
  record Text<R>(String name, Function<R, String> value) implements Column<R> {
    /** Checks that both are there. */
    public Text {
      requireNonNull(name, "name is null");
      requireNonNull(value, "value is null");
    }
  }
}
