package org.rolescope.export;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.export.architecture.Architecture;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.export.checkpoint.TokenizerCheck;
import org.rolescope.export.testing.AllocationMeter;
import org.rolescope.export.testing.SnapshotCopy;
import org.rolescope.export.testing.TextMutations;
import org.rolescope.export.testing.TinyModel;
import org.rolescope.fault.RolescopeException;

/**
 * Mutates the JSON files of good snapshots at random. Whatever comes out is a fault for the user or
 * a model, in bounded memory. Replay a run with {@code -Drolescope.fuzz.seed=SEED}.
 */
class SnapshotFuzzTest {
  private static final int MUTATIONS = 1_500;

  /** A configuration may claim up to 1,000 layers, whose tensors are listed. */
  private static final long MAX_ALLOCATED_BYTES = 64 << 20;

  @TempDir Path folder;

  @Test
  void anyConfigurationIsAFaultOrAModel() throws IOException {
    List<TinyModel> models =
        List.of(
            TinyModel.rotary(
                "llama",
                "LlamaForCausalLM",
                ", \"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 4.0, \"mscale\": 1.0}"),
            TinyModel.rotary(
                "qwen3",
                "Qwen3ForCausalLM",
                ", \"use_sliding_window\": true, \"sliding_window\": 3, \"max_window_layers\": 1"),
            TinyModel.rotary("mistral", "MistralForCausalLM", ", \"rope_theta\": 500.0"),
            TinyModel.gpt2(", \"n_inner\": 30"));
    for (int number = 0; number < models.size(); number++) {
      Path snapshot = models.get(number).write(folder.resolve("model" + number));
      fuzz(snapshot.resolve("config.json"), file -> Architecture.decoder(Configuration.read(file)));
    }
  }

  @Test
  void anyIndexIsAFaultOrACheckpoint() throws IOException {
    SnapshotCopy snapshot = SnapshotCopy.in(folder).inShards("a.safetensors", "b.safetensors");
    fuzz(
        snapshot.file(Checkpoint.SHARD_INDEX_FILE),
        index -> {
          for (var shard : Checkpoint.open(index.getParent()).weights()) {
            assertTrue(shard.content().path().startsWith(snapshot.folder()), shard.name());
          }
        });
  }

  @Test
  void anyTokenizerIsAFaultOrFits() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(
        file,
        """
        {"added_tokens": [{"id": 3, "content": "<s>"}], "model": {"type": "BPE",
        "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}""");
    fuzz(file, tokenizer -> TokenizerCheck.check(tokenizer, 4));
  }

  /** Reads a mutated file. */
  @FunctionalInterface
  private interface Reading {
    void of(Path file);
  }

  private static void fuzz(Path file, Reading reading) throws IOException {
    long seed = Long.getLong("rolescope.fuzz.seed", System.nanoTime());
    System.out.println(file.getFileName() + " fuzz seed " + seed);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    TextMutations mutations = new TextMutations(random);
    String valid = Files.readString(file);
    for (int number = 0; number < MUTATIONS; number++) {
      String where = "seed %d, mutation %d".formatted(seed, number);
      Files.writeString(file, mutations.mutate(valid));
      long allocatedBytes = AllocationMeter.measure(() -> read(file, reading, where));
      assertTrue(allocatedBytes < MAX_ALLOCATED_BYTES, where + " allocated " + allocatedBytes);
    }
  }

  private static void read(Path file, Reading reading, String where) {
    try {
      reading.of(file);
    } catch (RolescopeException expected) {
      assertTrue(expected.getMessage().contains(file.getParent().toString()), where);
      assertFalse(expected.getMessage().contains("\n"), where + expected.getMessage());
    } catch (RuntimeException unexpected) {
      throw new AssertionError(where, unexpected);
    }
  }
}
