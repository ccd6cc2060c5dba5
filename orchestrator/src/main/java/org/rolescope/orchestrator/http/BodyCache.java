package org.rolescope.orchestrator.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.function.Supplier;

/** Answers about what does not change any more. Thread-safe. */
public final class BodyCache {
  private final Cache<Key, Body> cache;

  /**
   * Makes an empty one.
   *
   * @param maxBytes most bytes of all bodies together
   */
  public BodyCache(long maxBytes) {
    cache =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Key key, Body body) -> body.bytes().length)
            .build();
  }

  /**
   * What an answer is about.
   *
   * @param question what is asked, with every parameter
   * @param stamp tells the content it is asked about from any other
   */
  private record Key(String question, List<String> stamp) {}

  /** The answer to a question, which is worked out where it is new. */
  Body get(String question, List<String> stamp, Supplier<Object> view) {
    return cache.get(new Key(question, stamp), missing -> Body.json(view.get()));
  }
}
