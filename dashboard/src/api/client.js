/**
 * Calls of the HTTP API. Every fault becomes an {@link ApiError} in words.
 *
 * @module
 */

/** @typedef {import('./types.js').Problem} Problem */

/** A call that failed: what happened and what to do. `status` is 0 where no answer came. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} title
   * @param {string} detail
   */
  constructor(status, title, detail) {
    super(`${title}: ${detail}`);
    this.name = 'ApiError';
    this.status = status;
    this.title = title;
    this.detail = detail;
  }
}

/**
 * @param {string} base address of the API, ending in `/`
 * @param {typeof fetch} [call]
 * @returns {(path: string[], query?: Record<string, unknown>, signal?: AbortSignal) => Promise<any>}
 */
export function client(base, call = (...request) => fetch(...request)) {
  return async (path, query = {}, signal) => {
    const address = new URL(path.map((name) => encodeURIComponent(name)).join('/'), base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined && value !== '') {
        address.searchParams.set(name, String(value));
      }
    }
    const answer = await call(address, { signal, headers: { Accept: 'application/json' } }).catch(unreachable);
    if (!answer.ok) {
      throw await problem(answer);
    }
    return answer.json();
  };
}

/**
 * @param {unknown} fault
 * @returns {never}
 */
function unreachable(fault) {
  if (fault instanceof Error && fault.name === 'AbortError') {
    throw fault;
  }
  throw new ApiError(0, 'The service does not answer', 'It may have been stopped, or the connection was lost.');
}

/** @param {Response} answer */
async function problem(answer) {
  /** @type {Partial<Problem>} */
  const body = await answer.json().catch(() => ({}));
  return new ApiError(
    answer.status,
    body.title ?? `The service answered ${answer.status}`,
    body.detail ?? 'It gave no reason.',
  );
}
