/**
 * RFC and RSI of two models over layers, one panel each.
 *
 * @module
 */
import { band } from './marks.js';
import { layerCount, ordered } from './rows.js';
import {
  axis, countedAxis, emptyChart, formatEstimate, frame, legend, legendHeight, modelName, narrowRoom, partColour, promptCounts, roles, tooltip,
  widthOf, zeroLine,
} from './theme.js';

/** @typedef {import('../api/types.js').Layers} Layers */
/** @typedef {import('./theme.js').Settings} Settings */

const INDICES = /** @type {const} */ (['rfc', 'rsi']);

/** @param {Layers} data @param {Settings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: 760 + narrowRoom(settings) };
}

/** @param {Layers} data @param {Settings} [settings] */
export function option(data, settings = {}) {
  const title = data.parts.length > 1
    ? `RFC and RSI: ${modelName('base', settings)} and ${modelName('instruct', settings)}`
    : `RFC and RSI: ${modelName(data.parts[0] ?? 'single', settings)}`;
  const layers = layerCount(data.layers);
  const rows = ordered(data.layers, layers);
  if (!rows.some((row) => row && data.parts.some((part) => INDICES.some((index) => defined(row.parts[part]?.[index].ratio_of_sums))))) {
    return emptyChart(settings, title, 'RFC and RSI are not defined here: there are no neutral prompts, or their entropy is 0.');
  }
  const names = data.parts.map((part) => modelName(part, settings));
  const counts = promptCounts(settings, Object.values(roles(settings)));
  const unstable = data.layers.filter((row) => row.unstable).map((row) => row.layer);
  const { option: base, top } = frame(settings, title, [
    `Default estimator (ratio of sums over heads); band: 95% bootstrap interval over prompts${counts === '' ? '' : ` (n = ${counts})`}.`,
    ...(unstable.length === 0 ? [] : [`Unstable, since degenerate heads move the reference value: layer ${unstable.join(', ')}.`]),
  ].join(' '));
  const first = top + legendHeight(settings, names) + 8;
  const height = Math.floor((size(data, settings).height - first - 56 - 40) / 2);
  return {
    ...base,
    legend: legend(settings, top, names),
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: tooltip(settings, 'axis', (items) => {
      const row = rows[items[0].dataIndex];
      return [`layer ${items[0].dataIndex}`, ...INDICES.flatMap((index) => data.parts.map((part, i) => (
        `${index.toUpperCase()} of ${names[i]}: ${formatEstimate(row?.parts[part]?.[index].ratio_of_sums)}`)))].join('\n');
    }),
    grid: INDICES.map((_, i) => ({ left: 76, right: 24, top: first + i * (height + 40), height })),
    xAxis: INDICES.map((_, i) => countedAxis(settings, 'x', i === 1 ? 'layer' : '', layers, { gridIndex: i })),
    yAxis: INDICES.map((index, i) => axis(settings, 'y', index.toUpperCase(), { type: 'value', gridIndex: i, splitNumber: 4 })),
    series: INDICES.flatMap((index, i) => data.parts.flatMap((part, k) => {
      const colour = partColour(part, settings);
      const own = rows.map((row) => row?.parts[part]?.[index].ratio_of_sums);
      const axes = { xAxisIndex: i, yAxisIndex: i };
      return [
        {
          type: 'line', name: names[k], z: 3, ...axes, symbol: k === 0 ? 'circle' : 'rect', symbolSize: layers > 16 ? 6 : 8,
          showAllSymbol: true, lineStyle: { width: 2, color: colour, type: k === 0 ? 'solid' : 'dashed' }, itemStyle: { color: colour },
          data: own.map((e) => e?.value ?? null), ...(k === 0 ? { markLine: zeroLine(settings) } : {}),
        },
        band({ name: names[k], colour, intervals: own.map((e, layer) => [layer, e?.low ?? null, e?.high ?? null]), more: axes }),
      ];
    })),
  };
}

/** @param {import('../api/types.js').Estimate|undefined} estimate */
function defined(estimate) {
  return !!estimate && estimate.value !== null;
}
