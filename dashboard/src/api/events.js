/**
 * Live progress of a run.
 *
 * @module
 */

/** @typedef {import('./types.js').RunEvent} RunEvent */

/**
 * Follows a run until it ends or the caller stops. The browser itself connects anew where the connection was lost.
 *
 * @param {string} base address of the API, ending in `/`
 * @param {string} id
 * @param {{progress: (event: RunEvent) => void, end: (event: RunEvent) => void, lost: () => void}} listener
 * @returns {() => void} stops
 */
export function followRun(base, id, listener) {
  const source = new EventSource(new URL(`runs/${encodeURIComponent(id)}/events`, base));
  source.addEventListener('progress', (event) => listener.progress(JSON.parse(event.data)));
  source.addEventListener('end', (event) => {
    source.close();
    listener.end(JSON.parse(event.data));
  });
  source.addEventListener('error', () => listener.lost());
  return () => source.close();
}
