/**
 * Addresses of views: `#/runs/demo-0123/heads?layer=1&head=2`. All that a view shows follows from its address.
 *
 * @module
 */

/** @typedef {{path: string[], query: Record<string, string>}} Route */

/**
 * Reads an address. What is not an address of ours is the start.
 *
 * @param {string} hash `location.hash`, with or without `#`
 * @returns {Route}
 */
export function parseRoute(hash) {
  const text = hash.replace(/^#/, '');
  const cut = text.indexOf('?');
  const path = (cut < 0 ? text : text.slice(0, cut)).split('/').filter(Boolean).map(decode);
  const query = Object.fromEntries(new URLSearchParams(cut < 0 ? '' : text.slice(cut + 1)));
  return { path, query };
}

/**
 * Writes an address; queries that are null, undefined or empty are left out.
 *
 * @param {string[]} path
 * @param {Record<string, string|number|null|undefined>} [query]
 * @returns {string} beginning with `#/`
 */
export function formatRoute(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return '#/' + path.map(encodeURIComponent).join('/') + (search && '?' + search);
}

/**
 * A whole number of a query.
 *
 * @param {Route} route
 * @param {string} name
 * @param {number} below the first number too large
 * @returns {number|null} null where it is absent, not a whole number or out of range
 */
export function indexOf(route, name, below) {
  const text = route.query[name];
  const value = /^\d+$/.test(text ?? '') ? Number(text) : NaN;
  return value < below ? value : null;
}

/**
 * One of several values of a query.
 *
 * @template {string} T
 * @param {Route} route
 * @param {string} name
 * @param {readonly T[]} allowed
 * @param {T} otherwise
 * @returns {T}
 */
export function oneOf(route, name, allowed, otherwise) {
  const value = /** @type {T} */ (route.query[name]);
  return allowed.includes(value) ? value : otherwise;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
