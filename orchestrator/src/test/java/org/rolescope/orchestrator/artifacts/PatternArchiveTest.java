package org.rolescope.orchestrator.artifacts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jetbrains.bio.npy.NpyArray;
import org.jetbrains.bio.npy.NpzFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;

final class PatternArchiveTest {
  private static final PromptSet PROMPTS =
      new PromptSet(
          "s",
          List.of(
              new PromptCategory("self", List.of("naïve 𝔘?")),
              new PromptCategory("other", List.of("b"))));

  @TempDir private Path folder;

  @Test
  void anIndependentReaderFindsTheSameArrays() throws IOException {
    Path file = Files.write(folder.resolve("a.npz"), archive());
    try (NpzFile.Reader reader = NpzFile.read(file)) {
      NpyArray first = reader.get("activations_000", 1 << 16);
      assertArrayEquals(new int[] {2, 3, 3}, first.getShape());
      assertArrayEquals(values(18, 0.5f), first.asFloatArray());
      NpyArray second = reader.get("activations_001", 1 << 16);
      assertArrayEquals(new int[] {2, 1, 1}, second.getShape());
      assertArrayEquals(values(2, 7), second.asFloatArray());
    }
  }

  @Test
  void textsAreNumpyUnicode() throws IOException {
    Path file = Files.write(folder.resolve("a.npz"), archive());
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertEquals(
          "{'descr': '<U8', 'fortran_order': False, 'shape': (2,), }|naïve 𝔘?|b",
          texts(zip, "prompts.npy"));
      assertEquals(
          "{'descr': '<U5', 'fortran_order': False, 'shape': (2,), }|self|other",
          texts(zip, "categories.npy"));
      assertEquals(
          "{'descr': '<U27', 'fortran_order': False, 'shape': (), }|blocks.11.attn.hook_pattern",
          texts(zip, "activation_name.npy"));
      assertEquals(
          "activations_000.npy activations_001.npy prompts.npy categories.npy activation_name.npy",
          zip.stream().map(ZipEntry::getName).collect(Collectors.joining(" ")));
    }
  }

  @Test
  void headersAreAligned() throws IOException {
    Path file = Files.write(folder.resolve("a.npz"), archive());
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        assertEquals(ZipEntry.STORED, entry.getMethod());
        assertEquals(0, headerBytes(bytes) % 64);
        assertEquals('\n', bytes[headerBytes(bytes) - 1]);
      }
    }
  }

  @Test
  void bytesDoNotDependOnTheTimeZone() throws IOException {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      byte[] east = archive();
      TimeZone.setDefault(TimeZone.getTimeZone("America/Anchorage"));
      assertArrayEquals(east, archive());
    } finally {
      TimeZone.setDefault(before);
    }
  }

  private static byte[] archive() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PatternArchive.write(out, 11, PROMPTS, List.of(pattern(2, 3, 0.5f), pattern(2, 1, 7)));
    return out.toByteArray();
  }

  private static PromptPattern pattern(int heads, int tokens, float first) {
    float[] values = values(heads * tokens * tokens, first);
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new PromptPattern(heads, tokens, bytes);
  }

  private static float[] values(int count, float first) {
    float[] values = new float[count];
    for (int index = 0; index < count; index++) {
      values[index] = first + index;
    }
    return values;
  }

  private static int headerBytes(byte[] npy) {
    return 10 + ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
  }

  /** Header and texts of a unicode array, read by hand: the other reader knows only bytes. */
  private static String texts(ZipFile zip, String entry) throws IOException {
    byte[] npy = zip.getInputStream(zip.getEntry(entry)).readAllBytes();
    int headerBytes = headerBytes(npy);
    String header = new String(npy, 10, headerBytes - 10, StandardCharsets.US_ASCII).strip();
    int width = Integer.parseInt(header.replaceAll(".*<U(\\d+).*", "$1"));
    ByteBuffer data = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).position(headerBytes);
    StringBuilder text = new StringBuilder(header);
    for (int index = 0; data.hasRemaining(); index++) {
      if (index % width == 0) {
        text.append('|');
      }
      int codePoint = data.getInt();
      if (codePoint != 0) {
        text.appendCodePoint(codePoint);
      }
    }
    return text.toString();
  }
}
