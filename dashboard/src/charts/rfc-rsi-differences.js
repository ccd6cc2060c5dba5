/**
 * Instruct minus base of RFC and RSI over layers, one panel each.
 *
 * @module
 */
import { errorBars } from './marks.js';
import { layerCount, ordered } from './rows.js';
import { axis, colours, countedAxis, emptyChart, format, formatEstimate, frame, legend, legendHeight, narrowRoom, promptCounts, roles, tooltip, widthOf, zeroLine } from './theme.js';

/** @typedef {import('../api/types.js').Layers} Layers */
/** @typedef {import('./theme.js').Settings} Settings */

const INDICES = /** @type {const} */ (['rfc', 'rsi']);
const SIGNIFICANT = 'significant (q < 0.05)';
const NOT = 'not significant';
const REFERENCE = "published study's estimator";

/** @param {Layers} data @param {Settings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: 760 + narrowRoom(settings) };
}

/** @param {Layers} data @param {Settings} [settings] */
export function option(data, settings = {}) {
  const { base: before, instruct: after } = settings.models ?? {};
  const title = `Differences of RFC and RSI by layer: ${after ?? 'instruct'} − ${before ?? 'base'}`;
  const layers = layerCount(data.layers);
  const rows = ordered(data.layers, layers).map((row) => row?.difference ?? null);
  if (!rows.some((row) => row && INDICES.some((index) => row[index].ratio_of_sums.value !== null))) {
    return emptyChart(settings, title, data.parts.length > 1
      ? 'Differences are not defined here: there are no neutral prompts, or their entropy is 0.'
      : 'One model was measured; differences need two.');
  }
  const palette = colours(settings);
  const names = [SIGNIFICANT, NOT, REFERENCE];
  const counts = promptCounts(settings, Object.values(roles(settings)));
  const { option: base, top } = frame(settings, title,
    `Bar: default estimator (ratio of sums over heads), line: 95% paired bootstrap interval over prompts${counts === '' ? '' : ` (n = ${counts})`}; significance: permutation test, Benjamini-Hochberg over layers. Diamond: the published study's mean over heads.`);
  const first = top + legendHeight(settings, names) + 8;
  const height = Math.floor((size(data, settings).height - first - 56 - 40) / 2);
  const solid = { color: palette.high };
  const hollow = { color: palette.background, borderColor: palette.muted, borderWidth: 1.5 };
  return {
    ...base,
    legend: legend(settings, top, [
      { name: SIGNIFICANT, itemStyle: solid }, { name: NOT, itemStyle: hollow }, { name: REFERENCE },
    ]),
    tooltip: tooltip(settings, 'axis', (items) => {
      const row = rows[items[0].dataIndex];
      return [`layer ${items[0].dataIndex}`, ...INDICES.flatMap((index) => [
        `Δ ${index.toUpperCase()}: ${formatEstimate(row?.[index].ratio_of_sums)}`,
        `  p = ${format(row?.[index].p_value)}, q = ${format(row?.[index].q_value)}`,
        `  ${REFERENCE}: ${formatEstimate(row?.[index].reference)}`,
      ])].join('\n');
    }),
    grid: INDICES.map((_, i) => ({ left: 76, right: 24, top: first + i * (height + 40), height })),
    xAxis: INDICES.map((_, i) => countedAxis(settings, 'x', i === 1 ? 'layer' : '', layers, { gridIndex: i })),
    yAxis: INDICES.map((index, i) => axis(settings, 'y', `Δ ${index.toUpperCase()}`, { type: 'value', gridIndex: i, splitNumber: 4 })),
    series: INDICES.flatMap((index, i) => {
      const axes = { xAxisIndex: i, yAxisIndex: i };
      const bars = (/** @type {string} */ name, /** @type {boolean} */ significant, /** @type {any} */ itemStyle) => ({
        type: 'bar', name, z: 2, ...axes, stack: index, barWidth: '55%', itemStyle, markLine: zeroLine(settings),
        data: rows.map((row) => (row && row[index].significant === significant ? row[index].ratio_of_sums.value : null)),
      });
      return [
        bars(SIGNIFICANT, true, solid),
        bars(NOT, false, hollow),
        errorBars({
          name: `interval of ${index.toUpperCase()}`, colour: palette.text, more: axes,
          intervals: rows.map((row, layer) => [layer, row?.[index].ratio_of_sums.low ?? null, row?.[index].ratio_of_sums.high ?? null]),
        }),
        {
          type: 'scatter', name: REFERENCE, z: 6, ...axes, symbol: 'diamond', symbolSize: 10,
          itemStyle: { color: palette.third, borderColor: palette.background, borderWidth: 1 },
          data: rows.map((row) => row?.[index].reference.value ?? null),
        },
      ];
    }),
  };
}
