package org.rolescope.inference.forward;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.rolescope.export.instrument.GraphRunner;
import org.rolescope.inference.session.GraphProbe;

/** Runs graphs as the command does. */
final class ProbeRunner implements GraphRunner {
  @Override
  public Loaded load(Path file) {
    GraphProbe probe = new GraphProbe(file);
    return new Loaded() {
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
    };
  }

  private static GraphRunner.Output output(GraphProbe.Result result) {
    return new GraphRunner.Output(LongStream.of(result.shape()).boxed().toList(), result.values());
  }
}
