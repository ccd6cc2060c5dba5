package org.rolescope.export.hub;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.rolescope.export.checkpoint.Checkpoint;
import org.rolescope.export.checkpoint.ShardIndex;
import org.rolescope.fault.RolescopeException;

/**
 * A model hub and its cache on this machine. Only what an export needs is fetched: configuration,
 * tokenizer, chat template, and weights as safetensors.
 */
public final class Hub {
  private final HubSettings settings;
  private final HubPatience patience;
  private final FreeSpace freeSpace;

  /** A hub with these settings. */
  public Hub(HubSettings settings) {
    this(settings, HubPatience.DEFAULT, FreeSpace.OF_DISK);
  }

  Hub(HubSettings settings, HubPatience patience, FreeSpace freeSpace) {
    this.settings = requireNonNull(settings, "settings is null");
    this.patience = requireNonNull(patience, "patience is null");
    this.freeSpace = requireNonNull(freeSpace, "freeSpace is null");
  }

  /** {@link #look(HubModel, HubProgress)} that tells nobody of attempts that failed. */
  public HubSnapshot look(HubModel model) {
    return look(model, HubProgress.silent());
  }

  /**
   * Finds out what a model needs. Fetches nothing but the list of its files and, where its weights
   * are in several files, the index that names them. Offline, the answer comes from the cache
   * alone.
   *
   * @param progress is told of attempts that failed
   * @throws RolescopeException NOT_FOUND where there is no such model or revision, it may not be
   *     read, or, offline, the cache has no whole copy; MALFORMED_MODEL where it lacks a needed
   *     file, or the hub's answer cannot be used; UNAVAILABLE where the hub cannot be reached or
   *     refuses for now; CANCELLED where the thread is interrupted
   */
  public HubSnapshot look(HubModel model, HubProgress progress) {
    HubFaults faults = new HubFaults(settings, model);
    HubCache cache = new HubCache(settings.cache(), model);
    if (settings.offline()) {
      return CachedSnapshot.of(cache, faults);
    }
    Retries retries = new Retries(patience, progress);
    try (HubClient client = new HubClient(settings, patience, model)) {
      ModelListing listing = ModelListing.read(retries.get(client::listing), faults);
      Collection<String> names = listing.files().keySet();
      NeededFiles.check(model, names);
      List<String> needed = new ArrayList<>(NeededFiles.sideFiles(names));
      if (names.contains(Checkpoint.WEIGHTS_FILE)) {
        needed.add(Checkpoint.WEIGHTS_FILE);
      } else {
        HubFile index = listing.file(Checkpoint.SHARD_INDEX_FILE, cache);
        new BlobDownload(client, cache, faults, retries, progress, listing.commit(), index).run();
        cache.link(listing.commit(), index);
        needed.add(index.name());
        needed.addAll(
            shards(cache.snapshot(listing.commit()).resolve(index.name()), names, faults));
      }
      List<HubFile> files =
          needed.stream().sorted().map(name -> listing.file(name, cache)).toList();
      return new HubSnapshot(model, listing.commit(), files, cache.snapshot(listing.commit()));
    } catch (TransferFault lasting) {
      throw faults.lasting(lasting, CachedSnapshot.exists(cache, faults));
    } catch (IOException unwritable) {
      throw faults.unwritable(unwritable);
    }
  }

  private static Collection<String> shards(Path index, Collection<String> names, HubFaults faults) {
    Collection<String> shards = ShardIndex.read(index).fileNames();
    for (String shard : shards) {
      if (!names.contains(shard)) {
        throw faults.badAnswer("its index names %s but there is no such file".formatted(shard));
      }
    }
    return shards;
  }

  /**
   * Fetches what the cache lacks; what an interrupted download left is resumed. A file enters the
   * cache whole and with the right checksum, or not at all.
   *
   * @param snapshot what {@link #look} found
   * @return folder of the snapshot, ready to export
   * @throws RolescopeException NOT_FOUND where a file is gone or may not be read,
   *     RESOURCE_EXHAUSTED where the disk has not enough space, UNAVAILABLE where the hub cannot be
   *     reached, stalls or refuses for now, DATA_LOSS where a checksum is wrong, CANCELLED where
   *     the thread is interrupted
   */
  public Path fetch(HubSnapshot snapshot, HubProgress progress) {
    HubModel model = snapshot.model();
    HubFaults faults = new HubFaults(settings, model);
    HubCache cache = new HubCache(settings.cache(), model);
    if (settings.offline() && snapshot.isCached()) {
      return snapshot.folder();
    }
    if (settings.offline()) {
      throw faults.notCached("%d bytes are missing".formatted(snapshot.missingBytes()));
    }
    Map<String, HubFile> missing = new LinkedHashMap<>();
    snapshot.files().stream()
        .filter(file -> !file.cached())
        .forEach(file -> missing.putIfAbsent(file.checksum(), file));
    try {
      checkSpace(missing.values(), faults);
      Retries retries = new Retries(patience, progress);
      try (HubClient client = new HubClient(settings, patience, model)) {
        inParallel(
            missing.values().stream()
                .map(
                    file ->
                        new BlobDownload(
                            client, cache, faults, retries, progress, snapshot.commit(), file))
                .toList());
      }
      for (HubFile file : snapshot.files()) {
        cache.link(snapshot.commit(), file);
      }
      cache.remember(snapshot.commit());
      return snapshot.folder();
    } catch (TransferFault lasting) {
      throw faults.lasting(lasting, CachedSnapshot.exists(cache, faults));
    } catch (IOException unwritable) {
      throw faults.unwritable(unwritable);
    }
  }

  private void checkSpace(Collection<HubFile> missing, HubFaults faults) throws IOException {
    long neededBytes = missing.stream().mapToLong(HubFile::missingBytes).sum();
    long freeBytes = freeSpace.bytes(settings.cache());
    if (neededBytes > freeBytes) {
      throw faults.noSpace(neededBytes, freeBytes);
    }
  }

  /** Runs all; the first fault ends the others, which keep what they have. */
  private void inParallel(List<BlobDownload> downloads) throws IOException {
    if (downloads.isEmpty()) {
      return;
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(settings.parallelism(), downloads.size()),
            Thread.ofPlatform().daemon().name("hub-download-", 0).factory());
    try {
      ExecutorCompletionService<Void> running = new ExecutorCompletionService<>(threads);
      for (BlobDownload download : downloads) {
        running.submit(
            () -> {
              download.run();
              return null;
            });
      }
      for (int done = 0; done < downloads.size(); done++) {
        running.take().get();
      }
    } catch (ExecutionException failed) {
      throw rethrown(failed.getCause());
    } catch (InterruptedException interrupted) {
      throw Retries.cancelled(interrupted);
    } finally {
      threads.shutdownNow();
      threads.close();
    }
  }

  private static IOException rethrown(Throwable cause) {
    return switch (cause) {
      case RuntimeException fault -> throw fault;
      case IOException fault -> fault;
      case Error error -> throw error;
      default -> throw new IllegalStateException(cause);
    };
  }
}
