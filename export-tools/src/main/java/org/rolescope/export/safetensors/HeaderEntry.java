package org.rolescope.export.safetensors;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A tensor as the header claims it; not validated, and any part may be null.
 *
 * @param type name of the element type
 * @param shape sizes
 * @param dataOffsets begin and end, counted from the end of the header
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record HeaderEntry(
    @JsonProperty("dtype") String type,
    @JsonProperty("shape") List<Long> shape,
    @JsonProperty("data_offsets") List<Long> dataOffsets) {}
