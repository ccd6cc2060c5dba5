/**
 * Heads ranked as candidates for patching, with what patching and ablating them showed.
 *
 * @module
 */
import { axis, colours, emptyChart, format, formatEstimate, frame, legend, legendHeight, narrowRoom, tooltip, widthOf } from './theme.js';

/** @typedef {import('../api/types.js').Candidates} Candidates */
/** @typedef {import('../api/types.js').CandidateRow} CandidateRow */
/** @typedef {import('./theme.js').Settings} Settings */

const VERDICTS = /** @type {const} */ ([
  { verdict: 'causal', name: 'causal' },
  { verdict: 'correlate_only', name: 'correlate only' },
  { verdict: 'undecided', name: 'undecided' },
  { verdict: 'untested', name: 'not patched' },
]);

/** @param {Candidates} data @param {Settings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: 230 + 30 * Math.max(4, data.candidates.length) + narrowRoom(settings) };
}

/** @param {CandidateRow} row */
function label(row) {
  return `${row.rank}. L${row.layer} H${row.head}`;
}

/** @param {Candidates} data @param {Settings} [settings] */
export function option(data, settings = {}) {
  const title = 'Candidates for patching';
  const rows = [...data.candidates].sort((a, b) => a.rank - b.rank);
  if (rows.length === 0) return emptyChart(settings, title, 'No heads were ranked: that needs two models and at least two pairs of prompts.');
  const palette = colours(settings);
  const colour = { causal: palette.high, correlate_only: palette.low, undecided: palette.third, untested: palette.axis };
  const verdictOf = (/** @type {CandidateRow} */ row) => row.patching?.verdict ?? 'untested';
  const shown = VERDICTS.filter(({ verdict }) => rows.some((row) => verdictOf(row) === verdict));
  const names = shown.map(({ name }) => name);
  const patched = rows.some((row) => row.patching);
  const { option: base, top } = frame(settings, title,
    `Left: composite score among ${data.ranked_count} heads (${data.entropy.replaceAll('_', ' ')} entropy), with consistency c of the difference in differences and its Wilcoxon q. ${patched
      ? 'Right: share of the effect that patching the head alone brings back (denoising), line: 95% bootstrap interval over prompts. Colour: verdict of patching.'
      : 'None of them was patched.'}`);
  const gridTop = top + legendHeight(settings, names) + 8;
  const width = widthOf(settings);
  const left = 104;
  const narrow = width < 700;
  const room = narrow ? 24 : 150;
  const half = patched ? (width - left - 24 - room) * 0.55 : width - left - 24 - room;
  const categories = rows.map(label);
  const y = (/** @type {number} */ gridIndex) => axis(settings, 'y', '', {
    type: 'category', gridIndex, data: categories, inverse: true, splitLine: { show: false }, axisTick: { show: false },
    axisLabel: { show: gridIndex === 0, color: palette.text, fontFamily: base.textStyle.fontFamily, fontSize: 12, interval: 0 },
  });
  const scores = shown.map(({ verdict, name }) => ({
    type: 'bar', name, stack: 'score', barWidth: '62%', itemStyle: { color: colour[verdict] },
    label: {
      show: !narrow, position: 'right', color: palette.text, fontSize: 11,
      formatter: (/** @type {any} */ item) => {
        const row = rows[item.dataIndex];
        return `c = ${format(row.did_consistency, 2)}, q = ${format(row.q_value, 3)}`;
      },
    },
    data: rows.map((row) => (verdictOf(row) === verdict ? row.composite_score : null)),
  }));
  const zero = {
    silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: palette.axis, type: 'solid' }, data: [{ xAxis: 0 }],
  };
  const recoveries = !patched ? [] : [
    { type: 'scatter', name: 'zero', xAxisIndex: 1, yAxisIndex: 1, silent: true, data: [], markLine: zero },
    {
      type: 'custom', name: 'denoising', xAxisIndex: 1, yAxisIndex: 1, clip: true, z: 5, encode: { x: [0, 1, 2], y: 3 },
      data: rows.flatMap((row, i) => {
        const e = row.patching?.denoising;
        return e && e.value !== null ? [[e.value, e.low ?? e.value, e.high ?? e.value, i]] : [];
      }),
      renderItem: (/** @type {any} */ params, /** @type {any} */ api) => {
        const row = rows[api.value(3)];
        const [x, at] = api.coord([api.value(0), api.value(3)]);
        const low = api.coord([api.value(1), api.value(3)])[0];
        const high = api.coord([api.value(2), api.value(3)])[0];
        const stroke = { stroke: palette.text, lineWidth: 1.4 };
        return {
          type: 'group',
          children: [
            { type: 'line', shape: { x1: low, y1: at, x2: high, y2: at }, style: stroke },
            { type: 'line', shape: { x1: low, y1: at - 4, x2: low, y2: at + 4 }, style: stroke },
            { type: 'line', shape: { x1: high, y1: at - 4, x2: high, y2: at + 4 }, style: stroke },
            { type: 'circle', shape: { cx: x, cy: at, r: 5 }, style: { fill: colour[verdictOf(row)], stroke: palette.background, lineWidth: 1 } },
          ],
        };
      },
    },
  ];
  return {
    ...base,
    legend: legend(settings, top, names),
    tooltip: tooltip(settings, 'item', (item) => explain(rows[item.seriesType === 'custom' ? item.value[3] : item.dataIndex])),
    grid: [
      { left, width: half, top: gridTop, bottom: 56 },
      ...(patched ? [{ left: left + half + room, right: 24, top: gridTop, bottom: 56 }] : []),
    ],
    xAxis: [
      axis(settings, 'x', 'composite score', { type: 'value', gridIndex: 0, splitLine: { show: true, lineStyle: { color: palette.split } } }),
      ...(patched ? [axis(settings, 'x', narrow ? 'recovery' : 'recovery (0 none, 1 full)',
        { type: 'value', gridIndex: 1, splitNumber: 4, splitLine: { show: true, lineStyle: { color: palette.split } } })] : []),
    ],
    yAxis: patched ? [y(0), y(1)] : [y(0)],
    series: [{ ...scores[0], markLine: zero }, ...scores.slice(1), ...recoveries],
  };
}

/** @param {CandidateRow} row */
function explain(row) {
  return [
    `rank ${row.rank}: layer ${row.layer}, head ${row.head}`,
    `composite score ${format(row.composite_score)}`,
    `DiD median ${format(row.did_median)} nats, consistency ${format(row.did_consistency, 2)}`,
    `Wilcoxon p ${format(row.wilcoxon_p_value)}, q ${format(row.q_value)}`,
    ...(row.patching ? [`denoising ${formatEstimate(row.patching.denoising)}`, `noising ${formatEstimate(row.patching.noising)}`, row.patching.verdict.replace('_', ' ')] : []),
    ...(row.ablation?.divergences ?? []).map((d) => `ablated, ${d.category.replaceAll('_', '-')}: KL ${format(d.mean_kl_nats)} nats`),
  ].join('\n');
}
