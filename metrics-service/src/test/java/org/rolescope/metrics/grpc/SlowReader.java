package org.rolescope.metrics.grpc;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.rolescope.v1.MeasureEntropiesRequest;
import org.rolescope.v1.MeasureEntropiesResponse;

/** Reads nothing until it is told to, then everything. */
final class SlowReader
    implements ClientResponseObserver<MeasureEntropiesRequest, MeasureEntropiesResponse> {
  private final CountDownLatch ended = new CountDownLatch(1);
  private ClientCallStreamObserver<MeasureEntropiesRequest> call;
  private volatile Throwable failure;
  private volatile int read;

  /** Reads to the end; returns how many messages came. */
  int readAll() throws InterruptedException {
    call.request(Integer.MAX_VALUE);
    if (!ended.await(40, TimeUnit.SECONDS) || failure != null) {
      throw new AssertionError("the stream did not end well", failure);
    }
    return read;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<MeasureEntropiesRequest> started) {
    call = started;
    started.disableAutoRequestWithInitial(0);
  }

  @Override
  public void onNext(MeasureEntropiesResponse response) {
    read = read + 1;
  }

  @Override
  public void onError(Throwable thrown) {
    failure = thrown;
    ended.countDown();
  }

  @Override
  public void onCompleted() {
    ended.countDown();
  }
}
