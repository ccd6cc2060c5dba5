package org.rolescope.export.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the JSON of a header entry by entry; memory grows only with the entries really there. */
final class HeaderReader {
  /** Far above any model: the largest published ones have some hundred thousand. */
  static final int MAX_TENSORS = 500_000;

  private static final String METADATA = "__metadata__";

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(16)
                          .maxNameLength(4_096)
                          .maxStringLength(1 << 20)
                          .maxNumberLength(32)
                          .build())
                  .build())
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private final Path file;

  HeaderReader(Path file) {
    this.file = file;
  }

  /**
   * The entries of a header, in its order, without the metadata.
   *
   * @param header the bytes of the header, no more and no less
   */
  Map<String, HeaderEntry> read(InputStream header) throws IOException {
    try (Reader text = utf8(header);
        JsonParser parser = MAPPER.createParser(text)) {
      parser.nextToken();
      Map<String, HeaderEntry> entries = entries(parser);
      if (parser.nextToken() != null) {
        throw new Defect.NotJson("there is more behind its end").in(file);
      }
      return entries;
    } catch (CharacterCodingException invalid) {
      throw new Defect.NotUtf8().in(file, invalid);
    } catch (JsonProcessingException invalid) {
      throw new Defect.NotJson(invalid.getOriginalMessage()).in(file, invalid);
    }
  }

  private static Reader utf8(InputStream bytes) {
    return new InputStreamReader(
        bytes,
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  private Map<String, HeaderEntry> entries(JsonParser parser) throws IOException {
    Map<String, HeaderEntry> entries = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (name.equals(METADATA)) {
        checkMetadata(parser);
        continue;
      }
      if (entries.size() == MAX_TENSORS) {
        throw new Defect.TooManyTensors(MAX_TENSORS).in(file);
      }
      entries.put(name, entry(name, parser));
    }
    return entries;
  }

  private HeaderEntry entry(String name, JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new Defect.WrongType(name, "it is no JSON object").in(file);
    }
    try {
      return MAPPER.readValue(parser, HeaderEntry.class);
    } catch (MismatchedInputException invalid) {
      String field = invalid.getPath().isEmpty() ? "it" : invalid.getPath().get(0).getFieldName();
      throw new Defect.WrongType(name, field + " holds a value of the wrong kind")
          .in(file, invalid);
    }
  }

  private void checkMetadata(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new Defect.WrongType(METADATA, "it is no JSON object").in(file);
    }
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw new Defect.MetadataNotText(key).in(file);
      }
      parser.getTextLength();
    }
  }
}
