package org.rolescope.orchestrator.grpc;

import org.rolescope.orchestrator.execute.RunEvent;
import org.rolescope.orchestrator.execute.RunState;
import org.rolescope.orchestrator.execute.RunStatus;
import org.rolescope.v1.Run;
import org.rolescope.v1.WatchRunResponse;

/** Runs as callers are told of them. */
final class RunMessages {
  private RunMessages() {}

  static Run run(RunStatus status) {
    return Run.newBuilder()
        .setId(status.id().text())
        .setFamily(status.family())
        .setFolder(status.folder().toString())
        .setState(state(status.state()))
        .setStepsDone(status.stepsDone())
        .setStepsTotal(status.stepsTotal())
        .setFailure(status.failure().orElse(""))
        .build();
  }

  static WatchRunResponse event(RunEvent event) {
    String step =
        switch (event) {
          case RunEvent.StepFinished finished -> finished.step();
          case RunEvent.Joined joined -> "";
          case RunEvent.Ended ended -> "";
        };
    return WatchRunResponse.newBuilder().setRun(run(event.status())).setStep(step).build();
  }

  private static org.rolescope.v1.RunState state(RunState state) {
    return switch (state) {
      case RUNNING -> org.rolescope.v1.RunState.RUN_STATE_RUNNING;
      case COMPLETE -> org.rolescope.v1.RunState.RUN_STATE_COMPLETE;
      case FAILED -> org.rolescope.v1.RunState.RUN_STATE_FAILED;
      case INTERRUPTED -> org.rolescope.v1.RunState.RUN_STATE_INTERRUPTED;
    };
  }
}
