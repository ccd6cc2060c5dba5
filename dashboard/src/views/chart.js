/**
 * A chart in the page: drawn when it comes into sight, drawn again when its box or the colours change.
 *
 * @module
 */

import * as echarts from 'echarts';
import { mode } from '../state/theme.js';
import { h } from './dom.js';
import { dataTable } from './table.js';

/** @typedef {{option: (data: any, settings?: any) => any, size: (data: any, settings: any) => {width: number, height: number}}} ChartModule */
/** @typedef {{module: ChartModule, data: any, settings?: Record<string, any>}} Drawing */
/** @typedef {import('./table.js').PlainTable} PlainTable */

/**
 * @param {Drawing} first
 * @param {{drawn?: (chart: any) => void, eager?: boolean}} [more] `drawn` is called after each drawing
 */
export function chart(first, more = {}) {
  const host = h('div', { class: 'chart' });
  let drawing = first;
  let visible = more.eager ?? false;
  let width = 0;

  const draw = () => {
    if (!visible || host.clientWidth === 0) {
      return;
    }
    width = host.clientWidth;
    const settings = { ...drawing.settings, dark: mode() === 'dark', width };
    const { height } = drawing.module.size(drawing.data, settings);
    host.style.height = `${height}px`;
    const instance = echarts.getInstanceByDom(host) ?? echarts.init(host, null, { renderer: 'canvas' });
    instance.resize({ width, height });
    const option = drawing.module.option(drawing.data, settings);
    instance.setOption(option, { notMerge: true });
    host.setAttribute('role', 'img');
    host.setAttribute('aria-label', label(option));
    more.drawn?.(instance);
  };
  const sight = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting) && !visible) {
        visible = true;
        draw();
      }
    },
    { rootMargin: '300px' },
  );
  const box = new ResizeObserver(() => {
    if (host.clientWidth !== width) {
      draw();
    }
  });
  sight.observe(host);
  box.observe(host);
  document.addEventListener('themechange', draw);
  return {
    element: host,
    instance: () => echarts.getInstanceByDom(host),
    /** @param {Drawing} next */
    show(next) {
      drawing = next;
      draw();
    },
    close() {
      sight.disconnect();
      box.disconnect();
      document.removeEventListener('themechange', draw);
      echarts.getInstanceByDom(host)?.dispose();
    },
  };
}

/**
 * A chart under a heading, with its data as a table.
 *
 * @param {string} heading
 * @param {Drawing} drawing
 * @param {() => PlainTable} table
 */
export function figure(heading, drawing, table) {
  const drawn = chart(drawing);
  const element = h('figure', null, h('figcaption', { class: 'hidden-text' }, heading), drawn.element, dataTable(heading, table));
  return { element, close: drawn.close };
}

/** @param {any} option */
function label(option) {
  const title = [option.title].flat()[0] ?? {};
  return [title.text, title.subtext].filter(Boolean).join('. ');
}
