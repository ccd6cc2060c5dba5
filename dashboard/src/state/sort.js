/**
 * Sorting of table rows.
 *
 * @module
 */

/** @typedef {'ascending'|'descending'} Order */

/**
 * Sorted copy; rows whose key does not exist come last in either order, and ties keep their order.
 *
 * @template T
 * @param {T[]} rows
 * @param {(row: T) => number|string|null|undefined} key
 * @param {Order} order
 * @returns {T[]}
 */
export function sorted(rows, key, order) {
  const sign = order === 'ascending' ? 1 : -1;
  return [...rows].sort((left, right) => {
    const [a, b] = [key(left), key(right)];
    if (missing(a) || missing(b)) {
      return Number(missing(a)) - Number(missing(b));
    }
    return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en'));
  });
}

/** @param {unknown} value */
function missing(value) {
  return value === null || value === undefined || Number.isNaN(value);
}
