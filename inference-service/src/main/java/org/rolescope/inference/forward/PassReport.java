package org.rolescope.inference.forward;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a pass cost, stage by stage.
 *
 * @param stages the stages that ran, in order
 */
public record PassReport(List<StageReport> stages) {
  /** Copies the stages. */
  public PassReport {
    stages = List.copyOf(stages);
  }

  /** Bytes read from the weight files. */
  public long readBytes() {
    return sum(stage -> stage.load().readBytes());
  }

  /** Time spent reading weights, most of it beside the run of the stage before; nanoseconds. */
  public long readNanos() {
    return sum(stage -> stage.load().readNanos());
  }

  /** Time the pass waited for weights; nanoseconds. */
  public long waitNanos() {
    return sum(stage -> stage.load().waitNanos());
  }

  /** Time spent widening and checking weights; nanoseconds. */
  public long convertNanos() {
    return sum(stage -> stage.load().convertNanos());
  }

  /** Time spent making sessions; nanoseconds. */
  public long sessionNanos() {
    return sum(stage -> stage.load().sessionNanos());
  }

  /** Time in ONNX Runtime; nanoseconds. */
  public long runNanos() {
    return sum(StageReport::runNanos);
  }

  /** Time of all stages; nanoseconds. */
  public long totalNanos() {
    return sum(StageReport::totalNanos);
  }

  private long sum(ToLongFunction<StageReport> figure) {
    return stages.stream().mapToLong(figure).sum();
  }
}
