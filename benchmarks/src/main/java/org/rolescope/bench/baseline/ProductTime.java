package org.rolescope.bench.baseline;

import org.rolescope.bench.machine.Cost;

/**
 * What the products of one kind take in a block, over all batches.
 *
 * @param name what they compute
 * @param operations multiplications and additions
 * @param cost median of what they take
 */
public record ProductTime(String name, double operations, Cost cost) {
  /** Both together, under this one's name. */
  ProductTime plus(ProductTime other) {
    return new ProductTime(name, operations + other.operations, cost.plus(other.cost));
  }
}
