package org.rolescope.orchestrator.plan;

/** The part a model plays in a run. Folders are named as the published study names them. */
public enum ModelSlot {
  /** The base, or older, one of two models. */
  BASE("latest_base"),
  /** The instruct, or newer, one of two; or the only one. */
  RUN("latest_run");

  private final String folderName;

  ModelSlot(String folderName) {
    this.folderName = folderName;
  }

  /** Name of its folder. */
  public String folderName() {
    return folderName;
  }
}
