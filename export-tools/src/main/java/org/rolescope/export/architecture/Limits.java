package org.rolescope.export.architecture;

/** The largest sizes a configuration may claim, far above any model; beyond them it is damaged. */
final class Limits {
  static final int LAYERS = 1_000;
  static final int HEADS = 1 << 14;
  static final int HEAD_SIZE = 1 << 12;
  static final int WIDTH = 1 << 20;
  static final int INTERMEDIATE = 1 << 24;
  static final int VOCABULARY = 1 << 24;
  static final int CONTEXT = 1 << 30;

  private Limits() {}
}
