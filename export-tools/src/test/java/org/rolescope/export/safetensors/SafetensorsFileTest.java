package org.rolescope.export.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.export.testing.AllocationMeter;
import org.rolescope.export.testing.DemoModels;
import org.rolescope.export.testing.SafetensorsBytes;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;

class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void readsTensorsWithAbsoluteOffsets() throws IOException {
    String header =
        """
        {"__metadata__":{"format":"pt"},
         "b":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[8,11]},
         "a":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]},
         "scalar":{"dtype":"F32","shape":[],"data_offsets":[11,15]},
         "none":{"dtype":"I64","shape":[0,7],"data_offsets":[11,11]}}   \
        """;
    SafetensorsFile file = read(SafetensorsBytes.of(header, 15));
    long data = 8 + header.length();
    assertEquals(
        Optional.of(new TensorInfo("a", StoredType.BF16, List.of(2L, 2L), data, 8)),
        file.tensor("a"));
    assertEquals(data + 11, file.tensor("scalar").orElseThrow().offsetBytes());
    assertEquals(4, file.tensors().size());
    assertEquals(Optional.empty(), file.tensor("b").orElseThrow().type().dataType());
    assertEquals(Optional.of(DType.BF16), file.tensor("a").orElseThrow().type().dataType());
  }

  @Test
  void readsTheDemoModel() {
    Path weights = DemoModels.snapshot("base").resolve("model.safetensors");
    SafetensorsFile file = SafetensorsFile.read(weights);
    assertEquals(56, file.tensors().size());
    assertEquals(2_630_760, file.sizeBytes());
  }

  @Test
  void offsetsMayLieBeyondFourGibibytes() throws IOException {
    String header =
        "{%s,%s}"
            .formatted(
                tensor("large", "BF16", "[152064,17920]", "[0,5449973760]"),
                tensor("behind", "F32", "[2]", "[5449973760,5449973768]"));
    Path path = folder.resolve("large.safetensors");
    byte[] head = SafetensorsBytes.of(header, 0);
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.write(head);
      sparse.setLength(head.length + 5_449_973_768L);
    }
    TensorInfo behind = SafetensorsFile.read(path).tensor("behind").orElseThrow();
    assertEquals(head.length + 5_449_973_760L, behind.offsetBytes());
  }

  @Test
  void missingFileIsNotFound() {
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> SafetensorsFile.read(folder.resolve("none")));
    assertEquals(FaultCode.NOT_FOUND, fault.code());
  }

  static Stream<Arguments> brokenFiles() {
    return Stream.of(
        arguments("empty file", new byte[0], "it has 0 bytes"),
        arguments("truncated length", new byte[7], "it has 7 bytes"),
        arguments("no header", SafetensorsBytes.claiming(0, 0), "begins with nothing"),
        arguments(
            "header beyond file",
            SafetensorsBytes.claiming(100, 20),
            "claims 100 bytes but the file has only 28"),
        arguments(
            "header over limit",
            SafetensorsBytes.claiming(100_000_001, 20),
            "claims 100000001 bytes, at most 100000000"),
        arguments(
            "negative as signed",
            SafetensorsBytes.claiming(-1, 20),
            "claims 18446744073709551615 bytes"),
        arguments("not JSON", SafetensorsBytes.of("{\"a\":", 0), "not valid JSON"),
        arguments("no object", SafetensorsBytes.of("[]", 0), "begins with byte 0x5b"),
        arguments("leading space", SafetensorsBytes.of(" {}", 0), "begins with byte 0x20"),
        arguments("more behind", SafetensorsBytes.of("{}{}", 0), "more behind its end"),
        arguments("NaN", SafetensorsBytes.of("{\"a\":NaN}", 0), "not valid JSON"),
        arguments(
            "not UTF-8",
            SafetensorsBytes.of("{\"\u00e9\":1}".getBytes(StandardCharsets.ISO_8859_1), 0),
            "not UTF-8"),
        arguments(
            "UTF-16",
            SafetensorsBytes.of("{}".getBytes(StandardCharsets.UTF_16LE), 0),
            "not valid JSON"),
        arguments(
            "deep nesting",
            SafetensorsBytes.of("{\"a\":{\"b\":" + "[".repeat(10_000), 0),
            "nesting depth"),
        arguments(
            "long name",
            SafetensorsBytes.of("{\"" + "n".repeat(5_000) + "\":1}", 0),
            "exceeds the maximum"),
        arguments(
            "endless name",
            SafetensorsBytes.of("{\"" + "n".repeat(3_000_000), 0),
            "exceeds the maximum"),
        arguments(
            "trailing data",
            SafetensorsBytes.of("{}", 4),
            "end at data byte 0 but the file holds 4"));
  }

  static Stream<Arguments> brokenEntries() {
    return Stream.of(
        entry("no object", "\"a\":7", "tensor a is wrong (it is no JSON object)"),
        entry("null", "\"a\":null", "tensor a is wrong (it is no JSON object)"),
        entry(
            "duplicate tensor",
            tensor("a", "U8", "[4]", "[0,4]") + "," + tensor("a", "U8", "[0]", "[4,4]"),
            "Duplicate field 'a'"),
        entry("duplicate field", "\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}", "Duplicate field"),
        entry("no dtype", "\"a\":{\"shape\":[4],\"data_offsets\":[0,4]}", "has no dtype"),
        entry("no shape", "\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,4]}", "has no shape"),
        entry("no offsets", "\"a\":{\"dtype\":\"U8\",\"shape\":[4]}", "has no data_offsets"),
        entry("unknown dtype", tensor("a", "F128", "[4]", "[0,4]"), "unknown element type F128"),
        entry("dtype case", tensor("a", "u8", "[4]", "[0,4]"), "unknown element type u8"),
        entry("dtype list", "\"a\":{\"dtype\":[]}", "dtype holds a value of the wrong kind"),
        entry("shape text", tensor("a", "U8", "\"4\"", "[0,4]"), "shape holds a value"),
        entry("size text", tensor("a", "U8", "[\"4\"]", "[0,4]"), "shape holds a value"),
        entry("size fraction", tensor("a", "U8", "[4.5]", "[0,4]"), "shape holds a value"),
        entry("size null", tensor("a", "U8", "[null]", "[0,4]"), "shape holds a null"),
        entry("size bool", tensor("a", "U8", "[true]", "[0,4]"), "shape holds a value"),
        entry("size nested", tensor("a", "U8", "[[4]]", "[0,4]"), "shape holds a value"),
        entry("size negative", tensor("a", "U8", "[-4]", "[0,4]"), "negative number -4 in shape"),
        entry("size beyond long", tensor("a", "U8", "[18446744073709551616]", "[0,4]"), "range"),
        entry("size of digits", tensor("a", "U8", "[" + "9".repeat(99) + "]", "[0,4]"), "exceeds"),
        entry("65 axes", tensor("a", "U8", "[1" + ",1".repeat(64) + "]", "[0,1]"), "65 axes"),
        entry("one offset", tensor("a", "U8", "[4]", "[4]"), "has 1 data_offsets"),
        entry("three offsets", tensor("a", "U8", "[4]", "[0,4,4]"), "has 3 data_offsets"),
        entry("negative offset", tensor("a", "U8", "[4]", "[-4,0]"), "number -4 in data_offsets"),
        entry("reversed", tensor("a", "U8", "[4]", "[4,0]"), "begins at data byte 4 but ends at 0"),
        entry("beyond file", tensor("a", "U8", "[5]", "[0,5]"), "ends at data byte 5"),
        entry("far beyond", tensor("a", "U8", "[5]", "[0,9223372036854775807]"), "holds only 4"),
        entry("too small", tensor("a", "F32", "[2]", "[0,4]"), "spans 4 bytes but"),
        entry("too large", tensor("a", "U8", "[3]", "[0,4]"), "need 3"),
        entry("overflow", tensor("a", "U8", "[4294967296,4294967296]", "[0,4]"), "overflows"),
        entry("wraps", tensor("a", "F32", "[4611686018427387905]", "[0,4]"), "overflows"),
        entry("zero hides", tensor("a", "U8", "[4294967296,4294967296,0]", "[0,0]"), "overflows"),
        entry("part of byte", tensor("a", "F4", "[3]", "[0,1]"), "has 12 bits"),
        entry(
            "overlap",
            tensor("a", "U8", "[3]", "[0,3]") + "," + tensor("b", "U8", "[2]", "[2,4]"),
            "b begins at data byte 2, inside another tensor that ends at 3"),
        entry(
            "same bytes",
            tensor("a", "U8", "[4]", "[0,4]") + "," + tensor("b", "U8", "[4]", "[0,4]"),
            "b begins at data byte 0, inside another tensor that ends at 4"),
        entry(
            "hole",
            tensor("a", "U8", "[1]", "[0,1]") + "," + tensor("b", "U8", "[2]", "[2,4]"),
            "b begins at data byte 2 but the one before ends at 1"),
        entry("hole first", tensor("a", "U8", "[3]", "[1,4]"), "one before ends at 0"),
        entry("data left", tensor("a", "U8", "[3]", "[0,3]"), "end at data byte 3"),
        entry("metadata list", "\"__metadata__\":[]", "__metadata__ is wrong"),
        entry("metadata number", "\"__metadata__\":{\"k\":1}", "value of k in __metadata__"),
        entry("metadata object", "\"__metadata__\":{\"k\":{}}", "value of k in __metadata__"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"brokenFiles", "brokenEntries"})
  void defectIsNamed(String defect, byte[] bytes, String expected) {
    RolescopeException fault = assertThrows(RolescopeException.class, () -> read(bytes));
    assertEquals(FaultCode.MALFORMED_MODEL, fault.code());
    assertTrue(fault.getMessage().contains(expected), fault.getMessage());
    assertTrue(fault.getMessage().contains("hostile.safetensors"), fault.getMessage());
  }

  @Test
  void sparseHeaderAtTheLimitIsRejectedAtOnce() throws IOException {
    Path path = folder.resolve("hostile.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(SafetensorsBytes.claiming(SafetensorsFile.MAX_HEADER_BYTES, 0));
      file.write('{');
      file.setLength(SafetensorsFile.MAX_HEADER_BYTES + 8);
    }
    long allocatedBytes =
        AllocationMeter.measure(
            () -> assertThrows(RolescopeException.class, () -> SafetensorsFile.read(path)));
    assertTrue(allocatedBytes < 1 << 20, "allocated " + allocatedBytes + " bytes");
  }

  private SafetensorsFile read(byte[] bytes) throws IOException {
    Path path = folder.resolve("hostile.safetensors");
    Files.write(path, bytes);
    return SafetensorsFile.read(path);
  }

  private static Arguments entry(String defect, String entries, String expected) {
    return arguments(defect, SafetensorsBytes.of("{" + entries + "}", 4), expected);
  }

  private static String tensor(String name, String type, String shape, String offsets) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}"
        .formatted(name, type, shape, offsets);
  }
}
