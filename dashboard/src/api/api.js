/**
 * What the service offers, by name.
 *
 * @module
 */

import { client } from './client.js';
import { decodePattern } from './pattern.js';

/** @typedef {import('./types.js').Part} Part */
/** @typedef {ReturnType<typeof openApi>} Api */

/**
 * @param {string} base address of the API, ending in `/`
 * @param {AbortSignal} [signal] ends all calls
 * @param {typeof fetch} [call]
 */
export function openApi(base, signal, call) {
  const send = client(base, call);
  /** @type {(path: (string|number)[], query?: Record<string, unknown>) => Promise<any>} */
  const get = (path, query) => send(path.map(String), query, signal);
  return {
    base,
    /** @returns {Promise<import('./types.js').RunPage>} */
    runs: (/** @type {Record<string, unknown>} */ query) => get(['runs'], query),
    /** @returns {Promise<import('./types.js').RunDetail>} */
    run: (/** @type {string} */ id) => get(['runs', id]),
    /** @returns {Promise<import('./types.js').Layers>} */
    layers: (/** @type {string} */ id) => get(['runs', id, 'layers']),
    /** @returns {Promise<import('./types.js').Categories>} */
    categories: (/** @type {string} */ id, entropy = 'exact') => get(['runs', id, 'categories'], { entropy }),
    /** @returns {Promise<import('./types.js').Heads>} */
    heads: (/** @type {string} */ id) => get(['runs', id, 'heads']),
    /** @returns {Promise<import('./types.js').HeadEntropies>} */
    entropies: (/** @type {string} */ id, /** @type {number} */ layer, /** @type {number} */ head) =>
      get(['runs', id, 'heads', layer, head, 'entropies']),
    /** @returns {Promise<import('./types.js').KeyAttention>} */
    keyAttention: (/** @type {string} */ id, /** @type {number[]} */ layers) =>
      get(['runs', id, 'key-attention'], { layers: layers.join(',') }),
    pattern: async (
      /** @type {string} */ id,
      /** @type {Part} */ part,
      /** @type {number} */ layer,
      /** @type {number} */ head,
      /** @type {number} */ prompt,
    ) => decodePattern(await get(['runs', id, 'patterns', part, layer, head, prompt])),
    /** @returns {Promise<import('./types.js').Candidates>} */
    candidates: (/** @type {string} */ id, /** @type {Record<string, unknown>} */ query = {}) =>
      get(['runs', id, 'candidates'], query),
    /** @returns {Promise<{items: import('./types.js').InterventionInfo[]}>} */
    interventions: (/** @type {string} */ id) => get(['runs', id, 'interventions']),
    /** @returns {Promise<{items: import('./types.js').PatchingInfo[]}>} */
    patching: (/** @type {string} */ id) => get(['runs', id, 'patching']),
    /** @returns {Promise<import('./types.js').Versions>} */
    versions: () => get(['versions']),
    /** @returns {Promise<import('./types.js').CrossModel>} */
    crossModel: (/** @type {Record<string, unknown>} */ query) => get(['cross-model'], query),
  };
}
