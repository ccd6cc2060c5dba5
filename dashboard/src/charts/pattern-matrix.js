/**
 * Attention pattern of one head on one prompt: query positions down, keys across.
 *
 * @module
 */
import { bitmap } from './bitmap.js';
import { axis, colours, emptyChart, format, frame, tick, tooltip, widthOf } from './theme.js';

/** @typedef {{pattern: Float32Array, size: number, tokens: string[], withoutSink?: boolean}} Matrix
 *   `pattern` row-major [query][key]; `withoutSink`: key 0 is left out and the other keys of each query add up to 1 */
/** @typedef {import('./theme.js').Settings & {focus?: number|null}} MatrixSettings `focus`: a token whose row and column are framed */

/** More cells a side than this are drawn as one picture. */
export const MOST_CELLS = 96;

/** @param {Matrix} data @param {MatrixSettings} settings */
export function size(data, settings) {
  const width = settings.width ?? 720;
  return { width, height: Math.round(width * 0.86) + 60 };
}

/**
 * A pattern without its first key: the others of each query divided by their sum, 0 where there is none.
 * @param {Float32Array} pattern row-major [query][key] @param {number} size
 * @returns {Float32Array} of the same shape
 */
export function withoutFirstKey(pattern, size) {
  const found = new Float32Array(pattern.length);
  for (let query = 0; query < size; query += 1) {
    let sum = 0;
    for (let key = 1; key < size; key += 1) sum += pattern[query * size + key];
    for (let key = 1; key < size; key += 1) found[query * size + key] = sum > 0 ? pattern[query * size + key] / sum : 0;
  }
  return found;
}

/** A token as a label: what cannot be seen is drawn. @param {string} token */
export function tokenLabel(token) {
  const shown = token.replaceAll('Ġ', '␣').replaceAll('▁', '␣').replaceAll('Ċ', '↵').replaceAll('\n', '↵').replaceAll(' ', '␣');
  return shown.length > 14 ? `${shown.slice(0, 13)}…` : shown;
}

/**
 * Where colours end: at the greatest magnitude; of pictures at the 99th percentile of those that are not 0, since the few first queries, with
 * few keys to choose from, would leave all others white. 1 where everything is 0.
 * @param {Float32Array} values @param {number} count of tokens
 */
export function colourEnd(values, count) {
  const magnitudes = values.map(Math.abs).filter((v) => v > 0).sort();
  if (magnitudes.length === 0) return 1;
  return magnitudes[count > MOST_CELLS ? Math.ceil(0.99 * magnitudes.length) - 1 : magnitudes.length - 1];
}

/** @param {number} count of tokens */
export function endCaption(count) {
  return count > MOST_CELLS ? ' Colours end at the 99th percentile of weights.' : '';
}

/** @param {Matrix} data @param {MatrixSettings} [settings] */
export function option(data, settings = {}) {
  const palette = colours(settings);
  const values = data.withoutSink ? withoutFirstKey(data.pattern, data.size) : data.pattern;
  const highest = colourEnd(values, data.size);
  return drawn({
    tokens: data.tokens, size: data.size, values, settings, title: 'Attention pattern', low: 0, high: highest,
    ramp: [palette.middle, palette.low],
    caption: `${data.size} tokens; weight of every key (across) for every query (down).${data.withoutSink ? ' Without the first token; the others add up to 1.' : ''}${endCaption(data.size)}`,
  });
}

/**
 * @param {{tokens: string[], size: number, values: Float32Array, settings: MatrixSettings, title: string, caption: string, low: number,
 *   high: number, ramp: string[]}} matrix
 * @returns {import('./theme.js').Option} items of the heat map are `[key, query, value]`; above {@link MOST_CELLS} tokens the
 *   first series is one picture, `value` at `[key, query]` then being `values[query * size + key]`
 */
export function drawn({ tokens, size: count, values, settings, title, caption, low, high, ramp }) {
  if (count === 0) return emptyChart(settings, title, 'The prompt has no tokens.');
  const palette = colours(settings);
  const { option: base, top } = frame(settings, title, caption);
  const labels = tokens.map(tokenLabel);
  const longest = labels.reduce((most, label) => Math.max(most, label.length), 0);
  const room = Math.min(120, 12 + longest * 7);
  const tokenAxis = (/** @type {'x'|'y'} */ direction) => axis(settings, direction, direction === 'x' ? 'key' : 'query', {
    type: 'category', data: labels, nameGap: room, splitLine: { show: false }, axisTick: { show: false }, inverse: direction === 'y',
    ...(direction === 'x' ? { position: 'bottom' } : {}),
    axisLabel: {
      color: palette.text, fontFamily: base.textStyle.fontFamily, fontSize: count > 40 ? 10 : 12,
      rotate: direction === 'x' ? 90 : 0, hideOverlap: true, interval: count > 48 ? Math.ceil(count / 40) - 1 : 0,
    },
  });
  const picture = count > MOST_CELLS;
  return {
    ...base,
    tooltip: tooltip(settings, 'item', (item) => {
      const [key, query, value] = item.value;
      return `query ${query}: ${tokens[query]}\nkey ${key}: ${tokens[key]}\n${format(value)}`;
    }),
    grid: { left: room + 28, right: 92, top: top + 4, bottom: room + 32 },
    xAxis: tokenAxis('x'),
    yAxis: tokenAxis('y'),
    visualMap: {
      type: 'continuous', min: low, max: high, dimension: 2, seriesIndex: 0, right: 8, top: top + 4, itemHeight: 160, itemWidth: 12,
      calculable: false, hoverLink: false, inRange: { color: ramp },
      text: [tick(Number(high.toPrecision(2))), tick(Number(low.toPrecision(2)))],
      textStyle: { color: palette.text, fontFamily: base.textStyle.fontFamily, fontSize: 12 },
    },
    series: [picture ? pictureSeries(values, count, low, high, ramp) : cellSeries(values, count), ...focusSeries(settings, count, palette.text)],
  };
}

/** @param {Float32Array} values @param {number} count */
function cellSeries(values, count) {
  return {
    type: 'heatmap', animation: false,
    data: Array.from(values, (value, i) => [i % count, Math.floor(i / count), value]),
  };
}

/** @param {Float32Array} values @param {number} count @param {number} low @param {number} high @param {string[]} ramp */
function pictureSeries(values, count, low, high, ramp) {
  const image = bitmap(values, count, low, high, ramp);
  return {
    type: 'custom', silent: true, tooltip: { show: false }, encode: { x: 0, y: 1 }, data: [[0, 0, high]], animation: false,
    renderItem: (/** @type {any} */ params, /** @type {any} */ api) => {
      const { x, y, width, height } = params.coordSys;
      return { type: 'image', style: { image, x, y, width, height } };
    },
  };
}

/** Frames around a token's row and column. @param {MatrixSettings} settings @param {number} count @param {string} colour */
function focusSeries(settings, count, colour) {
  const token = settings.focus;
  if (token === undefined || token === null || token < 0 || token >= count) return [];
  return [{
    type: 'custom', silent: true, tooltip: { show: false }, encode: { x: 0, y: 1 }, data: [[token, token]], z: 10, animation: false,
    renderItem: (/** @type {any} */ params, /** @type {any} */ api) => {
      const { x, y, width, height } = params.coordSys;
      const [cellWidth, cellHeight] = [width / count, height / count];
      const style = { fill: 'none', stroke: colour, lineWidth: cellHeight < 4 ? 0.75 : 1.5 };
      return {
        type: 'group',
        children: [
          { type: 'rect', shape: { x, y: y + token * cellHeight, width, height: cellHeight }, style },
          { type: 'rect', shape: { x: x + token * cellWidth, y, width: cellWidth, height }, style },
        ],
      };
    },
  }];
}
