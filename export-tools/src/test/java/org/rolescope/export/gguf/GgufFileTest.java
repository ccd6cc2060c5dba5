package org.rolescope.export.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.export.testing.AllocationMeter;
import org.rolescope.export.testing.GgufBytes;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

class GgufFileTest {
  private static final long MAX_ALLOCATED_BYTES = 2 << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void readsMetadataAndTensors(int version) throws IOException {
    GgufFile file =
        read(
            new GgufBytes()
                .text("general.architecture", "llama")
                .real("epsilon", 1e-5f)
                .texts("tokens", List.of("a", "é"))
                .tensor("a", 0, new byte[24], 3, 2)
                .tensor("b", 8, new byte[34], 32)
                .build(version, 2, 3));
    assertEquals("llama", file.metadata().requiredText("general.architecture"));
    assertEquals(1e-5, file.metadata().number("epsilon").orElseThrow());
    assertEquals(List.of("a", "é"), file.metadata().texts("tokens"));
    GgufTensor first = file.tensors().getFirst();
    assertEquals(List.of(2L, 3L), first.shape());
    assertEquals(file.dataOffsetBytes(), first.offsetBytes());
    GgufTensor second = file.tensors().getLast();
    assertEquals(GgufType.Q8_0, second.type());
    assertEquals(first.offsetBytes() + 32, second.offsetBytes());
  }

  @Test
  void theLastTensorNeedsNoPadding() throws IOException {
    byte[] padded = new GgufBytes().tensor("a", 0, new byte[4], 1).build();
    assertEquals(1, read(Arrays.copyOf(padded, padded.length - 28)).tensors().size());
  }

  @Test
  void missingFileIsNotFound() {
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> GgufFile.read(folder.resolve("none.gguf")));
    assertEquals(FaultCode.NOT_FOUND, fault.code());
  }

  @Test
  void offsetsMayLieBeyondFourGibibytes() throws IOException {
    byte[] head =
        new GgufBytes()
            .claim("large", 0, 0, 1 << 15, 1 << 15)
            .claim("behind", 0, 4L << 30, 2)
            .build();
    Path path = folder.resolve("large.gguf");
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.write(head);
      sparse.setLength(head.length + (4L << 30) + 8);
    }
    assertEquals(head.length + (4L << 30), GgufFile.read(path).tensors().getLast().offsetBytes());
  }

  static Stream<Arguments> brokenFiles() {
    byte[] zeros = new byte[4];
    return Stream.of(
        arguments("empty", new byte[0], "its first word at byte 0 needs 1 bytes"),
        arguments("other format", "PK\3\4....".getBytes(), "begins with bytes 504b0304"),
        arguments("no version", "GGUF".getBytes(), "its version at byte 4"),
        arguments("version 1", new GgufBytes().build(1, 0, 0), "has version 1 of GGUF"),
        arguments("version 4", new GgufBytes().build(4, 0, 0), "has version 4 of GGUF"),
        arguments("big-endian", new GgufBytes().build(3 << 24, 0, 0), "is a big-endian file"),
        arguments(
            "tensors beyond limit", new GgufBytes().build(3, 1L << 40, 0), "1099511627776 tensors"),
        arguments(
            "tensors negative", new GgufBytes().build(3, -1, 0), "18446744073709551615 tensors"),
        arguments("keys negative", new GgufBytes().build(3, 0, -1), "18446744073709551615 keys"),
        arguments("keys missing", new GgufBytes().build(3, 0, 7), "at byte 32 needs 4 bytes"),
        arguments("tensors missing", new GgufBytes().build(3, 7, 0), "at byte 32 needs 4 bytes"),
        arguments(
            "key twice",
            new GgufBytes().whole("k", 1).whole("k", 1).build(),
            "the key k is there twice"),
        arguments("unknown kind", new GgufBytes().key("k", 13).build(), "unknown kind 13"),
        arguments("negative kind", new GgufBytes().key("k", -1).build(), "unknown kind 4294967295"),
        arguments("list of lists", new GgufBytes().list("k", 9, 1).build(), "unknown kind 9"),
        arguments("half a truth", new GgufBytes().flag("k", 2).build(), "value of k is 2"),
        arguments(
            "endless list",
            new GgufBytes().list("k", 0, Long.MAX_VALUE).build(),
            "9223372036854775807 values of k"),
        arguments(
            "list beyond file",
            new GgufBytes().list("k", 8, 1 << 22).build(),
            "the list k at byte"),
        arguments(
            "endless text",
            new GgufBytes().key("k", 8).raw(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}).build(),
            "18446744073709551615 bytes of k"),
        arguments(
            "text beyond file",
            new GgufBytes().key("k", 8).raw(new byte[] {0, 0, 16, 0, 0, 0, 0, 0}).build(),
            "k at byte"),
        arguments(
            "not UTF-8",
            new GgufBytes().key("k", 8).raw(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, -1}).build(),
            "is not UTF-8"),
        arguments(
            "alignment 0",
            new GgufBytes().whole("general.alignment", 0).build(),
            "alignment is 0, not a power of two"),
        arguments(
            "alignment 24",
            new GgufBytes().whole("general.alignment", 24).build(),
            "alignment is 24"),
        arguments(
            "alignment 2^30",
            new GgufBytes().whole("general.alignment", 1 << 30).build(),
            "alignment is 1073741824"),
        arguments(
            "alignment as text",
            new GgufBytes().text("general.alignment", "32").build(),
            "general.alignment is \"32\""),
        arguments(
            "tensor twice",
            new GgufBytes().tensor("a", 0, zeros, 1).tensor("a", 0, zeros, 1).build(),
            "tensor a is there twice"),
        arguments(
            "unread type",
            new GgufBytes().claim("a", 10, 0, 256).build(),
            "tensor a in the type Q2_K, which cannot be read; types that can be read are F32, F16"),
        arguments(
            "unknown type", new GgufBytes().claim("a", 4_000, 0, 1).build(), "type number 4000"),
        arguments("no axes", new GgufBytes().claim("a", 0, 0).build(), "has 0 axes"),
        arguments(
            "five axes", new GgufBytes().claim("a", 0, 0, 1, 1, 1, 1, 1).build(), "has 5 axes"),
        arguments("size zero", new GgufBytes().claim("a", 0, 0, 0).build(), "an axis of size 0"),
        arguments(
            "size negative",
            new GgufBytes().claim("a", 0, 0, -1).build(),
            "size 18446744073709551615"),
        arguments(
            "overflow",
            new GgufBytes().claim("a", 0, 0, 1L << 32, 1L << 32).build(),
            "the size of tensor a"),
        arguments(
            "overflow in float32",
            new GgufBytes().claim("a", 2, 0, 1L << 32, 1L << 30).build(),
            "overflows"),
        arguments(
            "part of a block",
            new GgufBytes().claim("a", 12, 0, 128, 2).build(),
            "rows of 128 numbers, which are no whole blocks of 256 as Q4_K"),
        arguments(
            "misaligned",
            new GgufBytes().claim("a", 0, 4, 1).build(),
            "begins at data byte 4, which is no multiple"),
        arguments(
            "negative offset",
            new GgufBytes().claim("a", 0, -32, 1).build(),
            "begins at data byte 18446744073709551584 where 0 is next"),
        arguments(
            "hole", new GgufBytes().claim("a", 0, 32, 1).build(), "data byte 32 where 0 is next"),
        arguments(
            "overlap",
            new GgufBytes().tensor("a", 0, new byte[64], 16).claim("b", 0, 32, 1).build(),
            "tensor b begins at data byte 32 where 64 is next"),
        arguments(
            "same bytes",
            new GgufBytes().tensor("a", 0, zeros, 1).claim("b", 0, 0, 1).build(),
            "tensor b begins at data byte 0 where 32 is next"),
        arguments(
            "beyond file",
            new GgufBytes().claim("a", 0, 0, 1L << 40).build(),
            "ends at data byte 4398046511104"),
        arguments(
            "trailing bytes",
            Arrays.copyOf(new GgufBytes().tensor("a", 0, zeros, 1).build(), 160),
            "its tensors end at data byte 4"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenFiles")
  void defectIsNamed(String defect, byte[] bytes, String expected) throws IOException {
    Path path = Files.write(folder.resolve("hostile.gguf"), bytes);
    long allocatedBytes =
        AllocationMeter.measure(
            () -> {
              RolescopeException fault =
                  assertThrows(RolescopeException.class, () -> GgufFile.read(path));
              assertEquals(FaultCode.MALFORMED_MODEL, fault.code());
              assertTrue(fault.getMessage().contains(expected), fault.getMessage());
              assertTrue(fault.getMessage().contains("hostile.gguf"), fault.getMessage());
            });
    assertTrue(allocatedBytes < MAX_ALLOCATED_BYTES, "allocated " + allocatedBytes);
  }

  private GgufFile read(byte[] bytes) throws IOException {
    return GgufFile.read(Files.write(folder.resolve("file.gguf"), bytes));
  }
}
