/**
 * The map of layers and heads. A click, or the arrow keys and Enter, choose a head.
 *
 * @module
 */

import * as headHeatmap from '../charts/head-heatmap.js';
import { number } from '../state/format.js';
import { area, cellAt, cellBox, cover } from './cells.js';
import { chart } from './chart.js';
import { headMapTable } from './chart-tables.js';
import { announce, h } from './dom.js';
import { dataTable } from './table.js';

/** @typedef {{value: any, part: import('../api/types.js').Part, layer: number|null, head: number|null}} Shown */

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * @param {import('../api/types.js').Heads} heads
 * @param {Record<string, any>} settings
 * @param {(layer: number, head: number) => void} choose
 */
export function headMap(heads, settings, choose) {
  /** @type {Shown} */
  let shown = { value: 'self_minus_neutral', part: heads.parts[0], layer: null, head: null };
  let cursor = { layer: 0, head: 0 };
  const rows = new Map(heads.heads.map((row) => [key(row), row]));
  const mark = h('div', { class: 'cursor', hidden: true, 'aria-hidden': 'true' });
  const frame = h('div', { class: 'chosen', hidden: true, 'aria-hidden': 'true' });
  const drawn = chart(drawing(), { drawn: (instance) => place(instance), eager: true });
  const help = h('p', { class: 'note', id: 'map-help' }, 'Click a head, or move with the arrow keys and press Enter.');
  const host = h(
    'div',
    { class: 'map', id: 'head-map', tabindex: '0', role: 'application', 'aria-label': 'Map of heads', 'aria-describedby': 'map-help' },
    drawn.element,
    frame,
    mark,
  );
  const tables = h('div', null);

  function drawing() {
    return { module: headHeatmap, data: heads, settings: { ...settings, value: shown.value, part: shown.part } };
  }
  /** @param {any} instance */
  function place(instance) {
    const all = area(instance);
    const box = (/** @type {number} */ layer, /** @type {number} */ head) => all && cellBox(all, heads.head_count, heads.layer_count, head, layer);
    cover(frame, shown.layer === null || shown.head === null ? null : box(shown.layer, shown.head));
    cover(mark, document.activeElement === host ? box(cursor.layer, cursor.head) : null);
  }
  function say() {
    const row = rows.get(key(cursor));
    const value = row ? number(headHeatmap.headValue(row, shown.value, shown.part)) : 'not measured';
    announce(`Layer ${cursor.layer}, head ${cursor.head}: ${headHeatmap.describe(shown.value, settings).name} ${value}`);
  }
  host.addEventListener('keydown', (event) => {
    const step = /** @type {Record<string, number[]>} */ (STEPS)[event.key];
    if (step) {
      cursor = { layer: clamp(cursor.layer + step[0], heads.layer_count), head: clamp(cursor.head + step[1], heads.head_count) };
      place(drawn.instance());
      say();
    } else if (event.key === 'Enter' || event.key === ' ') {
      choose(cursor.layer, cursor.head);
    } else {
      return;
    }
    event.preventDefault();
  });
  host.addEventListener('focus', () => {
    place(drawn.instance());
    say();
  });
  host.addEventListener('blur', () => (mark.hidden = true));
  drawn.element.addEventListener('click', (event) => {
    const all = area(drawn.instance());
    const box = drawn.element.getBoundingClientRect();
    const at = all && cellAt(all, heads.head_count, heads.layer_count, event.clientX - box.left, event.clientY - box.top);
    if (at && at.column !== null && at.row !== null) {
      choose(at.row, at.column);
    }
  });
  return {
    element: h('figure', null, host, help, tables),
    /** @param {Shown} next */
    show(next) {
      const redraw = next.value !== shown.value || next.part !== shown.part || tables.childElementCount === 0;
      shown = next;
      if (next.layer !== null && next.head !== null) {
        cursor = { layer: next.layer, head: next.head };
      }
      if (redraw) {
        drawn.show(drawing());
        tables.replaceChildren(dataTable('Map of heads', () => headMapTable(heads, next.value, next.part)));
      }
      place(drawn.instance());
    },
    close: drawn.close,
  };
}

/** @param {{layer: number, head: number}} head */
function key({ layer, head }) {
  return `${layer}.${head}`;
}

/** @param {number} index @param {number} count */
function clamp(index, count) {
  return Math.min(Math.max(index, 0), count - 1);
}
