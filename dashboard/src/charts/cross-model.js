/**
 * Differences of RFC or RSI, instruct minus base, of several families over relative depth.
 *
 * @module
 */
import { axis, colours, emptyChart, format, frame, legend, legendHeight, narrowRoom, tooltip, widthOf, zeroLine } from './theme.js';

/** @typedef {import('../api/types.js').CrossModel} CrossModel */
/** @typedef {import('./theme.js').Settings & {index?: 'rfc'|'rsi'}} CrossModelSettings */

const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow'];

/** @param {CrossModel} data @param {CrossModelSettings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: 540 + narrowRoom(settings) };
}

/** @param {CrossModel} data @param {CrossModelSettings} [settings] */
export function option(data, settings = {}) {
  const index = settings.index ?? 'rfc';
  const title = `Δ ${index.toUpperCase()} over relative depth, instruct − base`;
  const shown = data.series.filter((series) => series.index === index && series.values.some((v) => v.value !== null));
  if (shown.length === 0) return emptyChart(settings, title, 'No comparison of two models has been measured to the end.');
  const palette = colours(settings);
  const hues = [palette.neutral, palette.self, palette.confounder, palette.third, '#E69F00', palette.axis];
  const names = shown.map((series) => series.name);
  const correlations = data.correlations.filter((c) => c.index === index && c.pearson_r !== null);
  const pairs = correlations.length > 4 ? [] : correlations.map((c) => (
    `${c.first} and ${c.second}: r = ${format(c.pearson_r, 2)} (p = ${format(c.pearson_p, 3)})${c.interpolated ? ', interpolated' : ''}`));
  const { option: base, top } = frame(settings, title,
    `A point a layer; depth 0 is the first layer, 1 the last.${pairs.length === 0 ? '' : ` Pearson: ${pairs.join('; ')}.`}`);
  return {
    ...base,
    legend: legend(settings, top, names),
    tooltip: tooltip(settings, 'item', (item) => (
      `${item.seriesName}, layer ${item.value[2]} (depth ${format(item.value[0], 2)})\nΔ ${index.toUpperCase()}: ${format(item.value[1])}`)),
    grid: { left: 76, right: 32, top: top + legendHeight(settings, names) + 8, bottom: 56 },
    xAxis: axis(settings, 'x', 'relative depth', { type: 'value', min: 0, max: 1 }),
    yAxis: axis(settings, 'y', `Δ ${index.toUpperCase()}`, { type: 'value' }),
    series: shown.map((series, i) => ({
      type: 'line', name: series.name, symbol: SYMBOLS[i % SYMBOLS.length], symbolSize: 7, showAllSymbol: true,
      lineStyle: { width: 2, color: hues[i % hues.length] }, itemStyle: { color: hues[i % hues.length] },
      data: series.values.map((v) => [v.depth, v.value, v.layer]), ...(i === 0 ? { markLine: zeroLine(settings) } : {}),
    })),
  };
}
