package org.rolescope.orchestrator.testing;

import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Collects a client stream of options and layers, and answers when it ends. */
abstract class Collector<Q, O, L, R> implements StreamObserver<Q> {
  private final StreamObserver<R> observer;
  private final Function<Q, O> optionsOf;
  private final Function<Q, L> layerOf;
  private final List<L> layers = new ArrayList<>();
  private O options;

  Collector(StreamObserver<R> observer, Function<Q, O> optionsOf, Function<Q, L> layerOf) {
    this.observer = observer;
    this.optionsOf = optionsOf;
    this.layerOf = layerOf;
  }

  abstract R answer(O options, List<L> layers);

  @Override
  public void onNext(Q message) {
    if (options == null) {
      options = optionsOf.apply(message);
    } else {
      layers.add(layerOf.apply(message));
    }
  }

  @Override
  public void onError(Throwable failed) {
    // The caller gave up; there is nobody to tell.
  }

  @Override
  public void onCompleted() {
    observer.onNext(answer(options, layers));
    observer.onCompleted();
  }
}
