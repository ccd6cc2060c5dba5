/**
 * A pattern whose tokens can be pointed at.
 *
 * @module
 */

import { number, tokenText } from '../state/format.js';
import { area, cellAt, cellBox, cover } from './cells.js';
import { chart } from './chart.js';
import { h } from './dom.js';
import { dataTable } from './table.js';

/** @typedef {import('../api/pattern.js').DecodedPattern} DecodedPattern */
/** @typedef {{hover: (token: number|null) => void, step: (token: number) => void, lock: (token: number) => void}} Listener */

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** Longer patterns would make tables of more cells than a browser lays out at once. */
const SHORT = 48;
const STRONGEST = 5;

/**
 * @param {string} name
 * @param {import('./chart.js').Drawing} drawing
 * @param {DecodedPattern} decoded what the table behind it holds
 * @param {Listener} listener
 */
export function patternFigure(name, drawing, decoded, listener) {
  const { size } = decoded;
  const row = h('div', { class: 'focus-row', hidden: true, 'aria-hidden': 'true' });
  const column = h('div', { class: 'focus-column', hidden: true, 'aria-hidden': 'true' });
  /** @type {number|null} */
  let focused = null;
  const drawn = chart(drawing, { drawn: () => mark() });
  const host = h(
    'div',
    { class: 'map pattern', tabindex: '0', role: 'application', 'aria-label': `Attention pattern, ${name}`, 'aria-describedby': 'lock' },
    drawn.element,
    row,
    column,
  );

  function mark() {
    const all = focused === null || focused >= size ? null : area(drawn.instance());
    cover(row, all && { ...cellBox(all, size, size, 0, focused ?? 0), width: all.width });
    cover(column, all && { ...cellBox(all, size, size, focused ?? 0, 0), height: all.height });
  }
  /** Over the pattern the token that attends; beside it the token whose label it is. @param {MouseEvent} event */
  function tokenAt(event) {
    const all = area(drawn.instance());
    const box = drawn.element.getBoundingClientRect();
    const at = all && cellAt(all, size, size, event.clientX - box.left, event.clientY - box.top);
    return at ? (at.row ?? at.column) : null;
  }
  host.addEventListener('mousemove', (event) => {
    const token = tokenAt(event);
    if (token !== focused) {
      listener.hover(token);
    }
  });
  host.addEventListener('mouseleave', () => listener.hover(null));
  host.addEventListener('click', (event) => {
    const token = tokenAt(event);
    if (token !== null) {
      listener.lock(token);
    }
  });
  host.addEventListener('keydown', (event) => {
    const step = /** @type {Record<string, number>} */ (STEPS)[event.key];
    if (step) {
      listener.step(Math.min(Math.max((focused ?? (step > 0 ? -1 : size)) + step, 0), size - 1));
    } else if ((event.key === 'Enter' || event.key === ' ') && focused !== null) {
      listener.lock(focused);
    } else {
      return;
    }
    event.preventDefault();
  });
  const table = dataTable(`${name}: rows attend to columns`, () => patternTable(decoded));
  return {
    element: h('figure', null, h('figcaption', { class: 'hidden-text' }, name), host, table),
    /** @param {number|null} token */
    focus(token) {
      focused = token;
      mark();
    },
    close: drawn.close,
  };
}

/**
 * All of a short pattern; of a long one, the tokens that each attends to most.
 *
 * @param {DecodedPattern} decoded
 * @returns {import('./table.js').PlainTable}
 */
function patternTable({ tokens, pattern, size }) {
  const label = (/** @type {number} */ index) => `${index} ${tokenText(tokens[index])}`;
  const values = (/** @type {number} */ query) => Array.from(pattern.subarray(query * size, (query + 1) * size));
  if (size <= SHORT) {
    const cell = (/** @type {number} */ value, /** @type {boolean} */ later) => (later && value === 0 ? '' : number(value, 3));
    return {
      columns: ['Token', ...tokens.map((_, key) => label(key))],
      rows: tokens.map((_, query) => [label(query), ...values(query).map((value, key) => cell(value, key > query))]),
    };
  }
  const strongest = (/** @type {number} */ query) =>
    values(query)
      .map((value, key) => ({ value, key }))
      .sort((left, right) => Math.abs(right.value) - Math.abs(left.value))
      .slice(0, STRONGEST);
  return {
    columns: ['Token', `Strongest ${STRONGEST}`],
    rows: tokens.map((_, query) => [label(query), strongest(query).map(({ value, key }) => `${label(key)}: ${number(value, 3)}`).join('; ')]),
  };
}
