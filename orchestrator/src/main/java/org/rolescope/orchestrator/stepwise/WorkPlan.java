package org.rolescope.orchestrator.stepwise;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.runstore.RuntimeNames;
import org.rolescope.v1.Model;

/**
 * What a piece of work is: its results follow from this alone, and so does its id.
 *
 * @param kind kind of the work: the folder that holds all of that kind, for example {@code
 *     patching}
 * @param family family name of its plan
 * @param identity everything its results follow from, with keys in a fixed order
 */
public record WorkPlan(String kind, String family, ObjectNode identity) {
  /** Raised when the same plan would lead to other files, so that old work is not gone on with. */
  private static final int FORMAT_VERSION = 1;

  /** Copies the identity. */
  public WorkPlan {
    requireNonNull(kind, "kind is null");
    requireNonNull(family, "family is null");
    identity = identity.deepCopy();
  }

  /**
   * The work that a plan of the contract describes.
   *
   * @param plan the plan with every default filled in, and without what makes no difference to the
   *     results
   * @param models the models it names, in a fixed order
   */
  public static WorkPlan of(String kind, String family, Message plan, List<Model> models) {
    ObjectNode identity = JsonNodeFactory.instance.objectNode();
    identity.put("kind", kind);
    identity.put("format_version", FORMAT_VERSION);
    try {
      String json =
          JsonFormat.printer()
              .preservingProtoFieldNames()
              .alwaysPrintFieldsWithNoPresence()
              .print(plan);
      identity.set("plan", Json.read(json.getBytes(StandardCharsets.UTF_8)));
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalArgumentException("a plan that cannot be printed", impossible);
    } catch (IOException impossible) {
      throw new IllegalStateException("protobuf printed what is no JSON", impossible);
    }
    ArrayNode digests = identity.putArray("model_digests");
    models.stream().map(RuntimeNames::identity).forEach(digests::add);
    return new WorkPlan(kind, family, identity);
  }

  /** The id: the family name and a digest of the identity. */
  public RunId id() {
    return RunId.of(family, identity);
  }

  @Override
  public ObjectNode identity() {
    return identity.deepCopy();
  }
}
