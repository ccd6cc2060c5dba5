/**
 * Files of a run.
 *
 * @module
 */

import { bytes } from '../state/format.js';
import { h } from './dom.js';

/** @typedef {import('../api/types.js').Artifact} Artifact */

/**
 * @param {Artifact[]} artifacts
 * @param {string} base address of the API
 */
export function downloads(artifacts, base) {
  return h(
    'section',
    { class: 'downloads' },
    h('h2', null, 'Downloads'),
    artifacts.length === 0
      ? h('p', { class: 'empty' }, 'This run has no files yet.')
      : [...groups(artifacts)].map(([folder, files]) =>
          h(
            'details',
            { class: 'data' },
            h('summary', null, `${folder} (${files.length})`),
            h('ul', null, files.map((file) => h('li', null, link(file, base), ` ${bytes(file.size_bytes)}`))),
          ),
        ),
  );
}

/**
 * @param {Artifact[]} artifacts
 * @returns {Map<string, Artifact[]>} by folder, in the order they came
 */
export function groups(artifacts) {
  /** @type {Map<string, Artifact[]>} */
  const found = new Map();
  for (const artifact of artifacts) {
    const cut = artifact.path.lastIndexOf('/');
    const folder = cut < 0 ? 'run' : artifact.path.slice(0, cut);
    found.set(folder, [...(found.get(folder) ?? []), artifact]);
  }
  return found;
}

/**
 * @param {Artifact} file
 * @param {string} base
 */
function link(file, base) {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  return h('a', { href: new URL(file.href, base).href, download: name }, name);
}
