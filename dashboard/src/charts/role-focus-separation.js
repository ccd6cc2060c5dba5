/**
 * RFC and RSI of one model over layers.
 *
 * @module
 */
import { band } from './marks.js';
import { layerCount, ordered } from './rows.js';
import {
  axis, colours, countedAxis, emptyChart, formatEstimate, frame, legend, legendHeight, modelName, narrowRoom, partOf, promptCounts, roles, tooltip,
  widthOf, zeroLine,
} from './theme.js';

/** @typedef {import('../api/types.js').Layers} Layers */
/** @typedef {import('./theme.js').Settings} Settings */

/** @param {Layers} data @param {Settings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: 560 + narrowRoom(settings) };
}

/** @param {Layers} data @param {Settings} [settings] */
export function option(data, settings = {}) {
  const part = partOf(data.parts, settings);
  const title = `Role focus and separation by layer: ${modelName(part, settings)}`;
  const layers = layerCount(data.layers);
  const rows = ordered(data.layers, layers).map((row) => row?.parts[part]);
  const palette = colours(settings);
  const all = /** @type {const} */ ([
    { index: 'rfc', name: 'RFC (self against neutral)', colour: palette.neutral, symbol: 'circle' },
    { index: 'rsi', name: 'RSI (self against confounder)', colour: palette.confounder, symbol: 'triangle' },
  ]);
  const shown = all.filter(({ index }) => rows.some((row) => row && row[index].ratio_of_sums.value !== null));
  if (shown.length === 0) return emptyChart(settings, title, 'RFC and RSI are not defined here: there are no neutral prompts, or their entropy is 0.');
  const counts = promptCounts(settings, Object.values(roles(settings)));
  const names = shown.flatMap(({ name, index }) => [name, `${index.toUpperCase()}, published index`]);
  const unstable = rows.flatMap((row, layer) => (row?.unstable ? [layer] : []));
  const { option: base, top } = frame(settings, title, [
    `Solid: default estimator (ratio of sums over heads), band: 95% bootstrap interval over prompts${counts === '' ? '' : ` (n = ${counts})`}.`,
    'Dashed: the published study\'s index of a model, from means over heads of each prompt.',
    ...(unstable.length === 0 ? [] : [`Unstable, since degenerate heads move the reference value: layer ${unstable.join(', ')}.`]),
  ].join(' '));
  return {
    ...base,
    legend: legend(settings, top, shown.flatMap(({ name, index }) => [name, { name: `${index.toUpperCase()}, published index`, itemStyle: { opacity: 0 } }])),
    tooltip: tooltip(settings, 'axis', (items) => {
      const row = rows[items[0].dataIndex];
      return [`layer ${items[0].dataIndex}`, ...shown.flatMap(({ index }) => [
        `${index.toUpperCase()}: ${formatEstimate(row?.[index].ratio_of_sums)}`,
        `${index.toUpperCase()}, published index: ${formatEstimate(row?.[index].prompt_index)}`,
      ]), ...(row?.unstable ? ['unstable'] : [])].join('\n');
    }),
    grid: { left: 76, right: 24, top: top + legendHeight(settings, names) + 8, bottom: 56 },
    xAxis: countedAxis(settings, 'x', 'layer', layers),
    yAxis: axis(settings, 'y', 'RFC, RSI', { type: 'value' }),
    series: shown.flatMap(({ index, name, colour, symbol }, i) => [
      {
        type: 'line', name, z: 3, symbol, symbolSize: layers > 16 ? 6 : 8, showAllSymbol: true, lineStyle: { width: 2, color: colour },
        itemStyle: { color: colour }, data: rows.map((row) => row?.[index].ratio_of_sums.value ?? null),
        ...(i === 0 ? { markLine: zeroLine(settings) } : {}),
      },
      band({
        name, colour,
        intervals: rows.map((row, layer) => [layer, row?.[index].ratio_of_sums.low ?? null, row?.[index].ratio_of_sums.high ?? null]),
      }),
      {
        type: 'line', name: `${index.toUpperCase()}, published index`, z: 2, symbol: 'none', itemStyle: { color: colour },
        lineStyle: { width: 1.5, type: 'dashed', color: colour }, data: rows.map((row) => row?.[index].prompt_index.value ?? null),
      },
    ]),
  };
}
