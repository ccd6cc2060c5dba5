package org.rolescope.orchestrator.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.PromptSet;

/**
 * {@code raw_blocks_<layer>_attn_pattern.npz}: the attention patterns of one layer, one array a
 * prompt since prompts differ in length, named {@code activations_000} and up, float32, axes [head,
 * query_pos, key_pos]. Beside them the texts {@code prompts} and {@code categories}, one a prompt,
 * and {@code activation_name}.
 */
public final class PatternArchive {
  private PatternArchive() {}

  /**
   * Writes the archive of a layer and closes the stream.
   *
   * @param layer the layer, counting from 0
   * @param promptSet the prompts
   * @param patterns the pattern of each prompt, in order of the prompts
   */
  public static void write(
      OutputStream out, int layer, PromptSet promptSet, List<PromptPattern> patterns)
      throws IOException {
    try (NpzWriter archive = new NpzWriter(out)) {
      for (int prompt = 0; prompt < patterns.size(); prompt++) {
        archive.add(name(prompt), patterns.get(prompt).array());
      }
      archive.add("prompts", NpyArray.texts(promptSet.texts()));
      archive.add("categories", NpyArray.texts(promptSet.categoryOfEachPrompt()));
      archive.add("activation_name", NpyArray.text("blocks." + layer + ".attn.hook_pattern"));
    }
  }

  /**
   * Reads the pattern of one head and prompt; nothing else of the archive is read.
   *
   * @param file the archive
   * @param prompt place of the prompt, counting from 0
   * @param head the head, counting from 0
   * @param headCount heads of the model
   * @param tokenCount tokens of the prompt
   * @return float32, little-endian, [query_pos, key_pos] row-major
   * @throws RolescopeException DATA_LOSS where the archive is damaged or of other sizes
   */
  public static byte[] readHead(Path file, int prompt, int head, int headCount, int tokenCount) {
    byte[] header =
        NpyArray.float32(List.of(headCount, tokenCount, tokenCount), ByteBuffer.allocate(0))
            .header();
    int headBytes = Math.toIntExact(PromptPattern.sizeBytes(1, tokenCount));
    try (ZipFile archive = new ZipFile(file.toFile())) {
      ZipEntry entry = archive.getEntry(name(prompt) + ".npy");
      if (entry == null) {
        throw damaged(file, null);
      }
      try (InputStream in = archive.getInputStream(entry)) {
        if (!Arrays.equals(in.readNBytes(header.length), header)) {
          throw damaged(file, null);
        }
        in.skipNBytes((long) head * headBytes);
        byte[] pattern = in.readNBytes(headBytes);
        if (pattern.length != headBytes) {
          throw damaged(file, null);
        }
        return pattern;
      }
    } catch (IOException unreadable) {
      throw damaged(file, unreadable);
    }
  }

  private static String name(int prompt) {
    return String.format(Locale.ROOT, "activations_%03d", prompt);
  }

  private static RolescopeException damaged(Path file, IOException cause) {
    return new RolescopeException(
        FaultCode.DATA_LOSS,
        "%s is damaged; start the run afresh to measure again".formatted(file),
        cause);
  }
}
