package org.rolescope.cli.command;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.rolescope.export.instrument.GraphRunner;
import org.rolescope.inference.session.GraphProbe;

/** Lets the instrumenter, which knows no runtime, run graphs as the inference service does. */
final class ProbingRunner implements GraphRunner {
  @Override
  public Loaded load(Path file) {
    return new LoadedProbe(new GraphProbe(file));
  }

  private record LoadedProbe(GraphProbe probe) implements Loaded {
    @Override
    public Map<String, Output> run(List<long[]> tokenIds, Set<String> outputs) {
      long[] all = tokenIds.stream().flatMapToLong(LongStream::of).toArray();
      Map<String, Output> results = new HashMap<>();
      probe
          .run(all, tokenIds.size(), outputs)
          .forEach((name, result) -> results.put(name, output(result)));
      return results;
    }

    @Override
    public void close() {
      probe.close();
    }

    private static Output output(GraphProbe.Result result) {
      return new Output(LongStream.of(result.shape()).boxed().toList(), result.values());
    }
  }
}
