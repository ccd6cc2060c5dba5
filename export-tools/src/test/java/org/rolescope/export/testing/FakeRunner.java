package org.rolescope.export.testing;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rolescope.export.instrument.GraphRunner;

/**
 * Gives uniform patterns without running anything: {@code pattern0} with the first head count, and
 * so on.
 */
public final class FakeRunner implements GraphRunner {
  private final int[] heads;
  private final boolean causal;
  private final float scale;
  private final int fixedLength;
  private final String flat;

  private FakeRunner(int[] heads, boolean causal, float scale, int fixedLength, String flat) {
    this.heads = heads;
    this.causal = causal;
    this.scale = scale;
    this.fixedLength = fixedLength;
    this.flat = flat;
  }

  /** Bidirectional patterns of so many heads a layer; the last count serves all further ones. */
  public static FakeRunner of(int... heads) {
    return new FakeRunner(heads.clone(), false, 1, 0, "");
  }

  /** The same, each query seeing itself and what is before it. */
  public FakeRunner causal() {
    return new FakeRunner(heads, true, scale, fixedLength, flat);
  }

  /** The same, rows summing to something else. */
  public FakeRunner scaled(float sum) {
    return new FakeRunner(heads, causal, sum, fixedLength, flat);
  }

  /** The same, of one length whatever the prompt's. */
  public FakeRunner withFixedLength(int length) {
    return new FakeRunner(heads, causal, scale, length, flat);
  }

  /** The same, one output without an axis of heads. */
  public FakeRunner withoutHeads(String output) {
    return new FakeRunner(heads, causal, scale, fixedLength, output);
  }

  @Override
  public Loaded load(Path file) {
    return new Loaded() {
      @Override
      public Map<String, Output> run(List<long[]> tokenIds, Set<String> outputs) {
        Map<String, Output> results = new HashMap<>();
        outputs.forEach(name -> results.put(name, output(name, tokenIds)));
        return results;
      }

      @Override
      public void close() {}
    };
  }

  private Output output(String name, List<long[]> tokenIds) {
    long batch = tokenIds.size();
    int length = fixedLength > 0 ? fixedLength : tokenIds.getFirst().length;
    if (name.equals(flat)) {
      return new Output(List.of(batch, (long) length), FloatBuffer.allocate((int) batch * length));
    }
    int layer = Integer.parseInt(name.replaceAll("\\D", ""));
    long headCount = heads[Math.min(layer, heads.length - 1)];
    FloatBuffer values = FloatBuffer.allocate((int) (batch * headCount * length * length));
    for (int index = 0; index < values.capacity(); index++) {
      int query = index / length % length;
      int visible = causal ? query + 1 : length;
      values.put(index, index % length < visible ? scale / visible : 0);
    }
    return new Output(List.of(batch, headCount, (long) length, (long) length), values);
  }
}
