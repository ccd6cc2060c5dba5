/**
 * Distributions of single heads' entropies over prompts, a violin a category.
 *
 * @module
 */
import { kernelDensity, mean, median } from './kernel-density.js';
import {
  axis, categoryColour, categoryName, colours, emptyChart, format, frame, modelName, narrowRoom, partOf, roles, tooltip, widthOf,
} from './theme.js';

/** @typedef {import('../api/types.js').HeadRow} HeadRow */
/** @typedef {import('../api/types.js').HeadEntropies} HeadEntropies */
/** @typedef {import('../api/types.js').PromptInfo} PromptInfo */
/** @typedef {{heads: {row: HeadRow, entropies: HeadEntropies}[], prompts: PromptInfo[]}} Violins at most six heads are drawn */
/** @typedef {import('./theme.js').Settings} Settings */

const MOST = 6;
const PANEL = 300;

/** @param {Violins} data @param {Settings} settings */
function columnsOf(data, settings) {
  return Math.max(1, Math.min(3, Math.min(MOST, data.heads.length), Math.floor(widthOf(settings) / 300)));
}

/** @param {Violins} data @param {Settings} settings */
export function size(data, settings) {
  const rows = Math.ceil(Math.min(MOST, Math.max(1, data.heads.length)) / columnsOf(data, settings));
  return { width: widthOf(settings), height: 110 + rows * PANEL + narrowRoom(settings) };
}

/**
 * The heads with the greatest |Cohen's d| of self-referent against neutral prompts, greatest first.
 * @param {HeadRow[]} heads @param {Part} part @param {number} [count]
 * @typedef {import('../api/types.js').Part} Part
 */
export function mostSeparated(heads, part, count = MOST) {
  return heads
    .filter((row) => typeof row.parts[part]?.cohens_d === 'number' && !row.parts[part]?.degenerate)
    .sort((a, b) => Math.abs(b.parts[part]?.cohens_d ?? 0) - Math.abs(a.parts[part]?.cohens_d ?? 0) || a.layer - b.layer || a.head - b.head)
    .slice(0, count);
}

/** @param {Violins} data @param {Settings} [settings] */
export function option(data, settings = {}) {
  const parts = /** @type {Part[]} */ (Object.keys(data.heads[0]?.entropies.parts ?? {}));
  const part = partOf(parts, settings);
  const title = `Entropy of single heads over prompts: ${modelName(part, settings)}`;
  const heads = data.heads.slice(0, MOST).filter(({ entropies }) => entropies.parts[part]?.some((value) => value !== null));
  if (heads.length === 0) return emptyChart(settings, title, 'There is no head whose entropies of single prompts could be drawn.');
  const all = [...new Set(data.prompts.map((prompt) => prompt.category))];
  const { self, neutral } = roles(settings);
  const samples = heads.map(({ entropies }) => all.map((category) => data.prompts
    .filter((prompt) => prompt.category === category)
    .map((prompt) => entropies.parts[part]?.[prompt.index])
    .filter((value) => value !== null && value !== undefined)));
  const counts = all.map((category) => `${data.prompts.filter((p) => p.category === category).length} ${categoryName(category)}`).join(', ');
  const palette = colours(settings);
  const { option: base, top } = frame(settings, title,
    `Exact entropy of each prompt, mean over query positions (n = ${counts} prompts). Violin: Gaussian kernel density, Scott's bandwidth, over the range of the values, each scaled to the same width; line: median, dot: mean. d: Cohen's d of ${categoryName(self)} against ${categoryName(neutral)}.`);
  const columns = columnsOf(data, settings);
  const panel = (widthOf(settings) - 24) / columns;
  const place = (/** @type {number} */ i) => ({ left: 60 + (i % columns) * panel, top: top + 34 + Math.floor(i / columns) * PANEL });
  return {
    ...base,
    title: [base.title, ...heads.map(({ row }, i) => ({
      text: `layer ${row.layer}, head ${row.head}: d = ${format(row.parts[part]?.cohens_d, 2)}`, left: place(i).left, top: place(i).top - 26,
      textStyle: { fontFamily: base.textStyle.fontFamily, fontSize: 13, fontWeight: 'bold', color: palette.text },
    }))],
    tooltip: tooltip(settings, 'item', (item) => {
      const sample = samples[item.seriesIndex][item.value[0]];
      return [`${categoryName(all[item.value[0]])}, n = ${sample.length}`, `mean ${format(mean(sample))} nats`,
        `median ${format(median(sample))} nats`, `from ${format(Math.min(...sample))} to ${format(Math.max(...sample))}`].join('\n');
    }),
    grid: heads.map((_, i) => ({ ...place(i), width: panel - 72, height: PANEL - 86 })),
    xAxis: heads.map((_, i) => axis(settings, 'x', '', {
      type: 'category', gridIndex: i, data: all.map((category) => wrap(categoryName(category))), splitLine: { show: false },
      axisTick: { show: false }, axisLabel: { color: palette.text, fontFamily: base.textStyle.fontFamily, fontSize: 11, lineHeight: 14, interval: 0 },
    })),
    yAxis: heads.map((_, i) => axis(settings, 'y', i % columns === 0 ? 'entropy (nats)' : '',
      { type: 'value', gridIndex: i, scale: true, nameGap: 42, splitNumber: 4 })),
    series: heads.map((_, i) => violins(i, samples[i], all, settings)),
  };
}

/**
 * A violin a category. Items are `[category, lowest value, highest value]`.
 * @param {number} panel @param {number[][]} samples of each category @param {string[]} categories @param {Settings} settings
 */
function violins(panel, samples, categories, settings) {
  const palette = colours(settings);
  const curves = samples.map((sample) => kernelDensity(sample));
  const data = samples.flatMap((sample, i) => {
    if (sample.length === 0) return [];
    return [[i, Math.min(...sample), Math.max(...sample)]];
  });
  return {
    type: 'custom', xAxisIndex: panel, yAxisIndex: panel, encode: { x: 0, y: [1, 2] }, data, clip: true,
    renderItem: (/** @type {any} */ params, /** @type {any} */ api) => {
      const index = api.value(0);
      const sample = samples[index];
      const { y, density } = curves[index];
      const colour = categoryColour(categories[index], categories, settings);
      const half = api.size([1, 0])[0] * 0.42;
      const most = Math.max(...density);
      const at = (/** @type {number} */ value) => api.coord([index, value]);
      const right = y.map((value, k) => [at(value)[0] + (half * density[k]) / most, at(value)[1]]);
      const left = y.map((value, k) => [at(value)[0] - (half * density[k]) / most, at(value)[1]]).reverse();
      const [x, middle] = at(median(sample));
      return {
        type: 'group',
        children: [
          ...(y.length === 0 ? [] : [{
            type: 'polygon', shape: { points: [...right, ...left] }, style: { fill: colour, opacity: 0.4, stroke: colour, lineWidth: 1.2 },
          }]),
          { type: 'line', shape: { x1: x - half * 0.5, y1: middle, x2: x + half * 0.5, y2: middle }, style: { stroke: palette.text, lineWidth: 2 } },
          { type: 'circle', shape: { cx: x, cy: at(mean(sample))[1], r: 3.5 }, style: { fill: palette.text, stroke: palette.background, lineWidth: 1 } },
        ],
      };
    },
  };
}

/** A category's name on two lines. @param {string} name */
function wrap(name) {
  return name.replace('-', '-\n');
}
