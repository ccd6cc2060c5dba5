package org.rolescope.inference.intervene;

/** How messages name an intervention by its place in a request, counting from 0. */
@FunctionalInterface
public interface InterventionPlace {
  /** Interventions of the request itself. */
  InterventionPlace OF_REQUEST = index -> "Intervention " + index;

  /** The name of an intervention, at the beginning of a sentence. */
  String of(int index);

  /** Interventions of a variant. */
  static InterventionPlace ofVariant(int variant) {
    return index -> "Intervention %d of variant %d".formatted(index, variant);
  }
}
