package org.rolescope.metrics.testing;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;

/**
 * A call whose transport has room when it is told so, and that notes what is asked and answered.
 *
 * @param <R> answer type
 */
public final class FakeServerCall<R> extends ServerCallStreamObserver<R> {
  private final List<R> answers = new ArrayList<>();
  private boolean ready = true;
  private boolean cancelled;
  private int requested;
  private Runnable onReady;
  private Runnable onCancel;

  /** What was answered so far. */
  public List<R> answers() {
    return List.copyOf(answers);
  }

  /** How many messages were asked for so far. */
  public int requested() {
    return requested;
  }

  /** Fills the transport. */
  public void fill() {
    ready = false;
  }

  /** Makes room, and tells of it. */
  public void drain() {
    ready = true;
    onReady.run();
  }

  /** Gives up, as a caller does. */
  public void giveUp() {
    cancelled = true;
    onCancel.run();
  }

  @Override
  public void onNext(R answer) {
    answers.add(answer);
  }

  @Override
  public void onError(Throwable thrown) {
    throw new AssertionError("the call failed", thrown);
  }

  @Override
  public void onCompleted() {
    // Nothing is checked after the end.
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {
    onCancel = handler;
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {
    onReady = handler;
  }

  @Override
  public void request(int count) {
    requested += count;
  }

  @Override
  public void disableAutoRequest() {
    // There is no other way with this call.
  }

  @Override
  public void disableAutoInboundFlowControl() {
    disableAutoRequest();
  }

  @Override
  public void setMessageCompression(boolean enable) {
    throw new UnsupportedOperationException("setMessageCompression");
  }

  @Override
  public void setCompression(String compression) {
    throw new UnsupportedOperationException("setCompression");
  }
}
