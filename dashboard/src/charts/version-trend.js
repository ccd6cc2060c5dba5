/**
 * RFC or RSI of every measured version of a family, layers over each other, in order of time.
 *
 * @module
 */
import { axis, colours, emptyChart, format, frame, narrowRoom, tooltip, widthOf } from './theme.js';
import { band } from './marks.js';

/** @typedef {import('../api/types.js').VersionRow} VersionRow */
/** @typedef {{family: string, versions: VersionRow[]}} Family */
/** @typedef {import('./theme.js').Settings & {index?: 'rfc'|'rsi', layer?: number, threshold?: number}} TrendSettings
 *   `layer`: one layer with its interval, instead of the mean over layers; `threshold`: how far a value may be from the version before */

/** @param {Family} data @param {TrendSettings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: 460 + narrowRoom(settings) };
}

/** @param {Family} data @param {TrendSettings} [settings] */
export function option(data, settings = {}) {
  const index = settings.index ?? 'rfc';
  const layer = settings.layer;
  const what = layer === undefined ? 'mean over layers' : `layer ${layer}`;
  const title = `${index.toUpperCase()} of ${data.family} over versions: ${what}`;
  const points = data.versions.map((version) => {
    const own = version.layers.find((row) => row.layer === layer)?.[index];
    return layer === undefined
      ? { value: version.mean[index], low: null, high: null }
      : { value: own?.value ?? null, low: own?.low ?? null, high: own?.high ?? null };
  });
  if (!points.some((point) => point.value !== null)) {
    return emptyChart(settings, title, `No version of ${data.family} has been measured to the end.`);
  }
  const palette = colours(settings);
  const colour = index === 'rfc' ? palette.neutral : palette.confounder;
  const labels = data.versions.map((version) => `${version.model}\n${version.measured_at?.slice(0, 10) ?? ''}`);
  const { threshold } = settings;
  const { option: base, top } = frame(settings, title,
    `Default estimator (ratio of sums over heads), ${layer === undefined ? 'mean over layers, points: single layers' : 'band: 95% bootstrap interval over prompts'}.${threshold === undefined ? '' : ` Dotted: the version before ± ${threshold}.`} Diamond: flagged.`);
  const dots = layer !== undefined ? [] : [{
    type: 'scatter', name: 'layers', z: 2, symbolSize: 5, itemStyle: { color: colour, opacity: 0.35 },
    data: data.versions.flatMap((version, i) => version.layers.filter((row) => row[index].value !== null).map((row) => [i, row[index].value, row.layer])),
  }];
  const limits = threshold === undefined ? [] : [-threshold, threshold].map((offset) => ({
    type: 'line', name: 'threshold', symbol: 'none', silent: true, step: false, z: 1, lineStyle: { color: palette.axis, type: 'dotted', width: 1.5 },
    data: points.map((_, i) => (i === 0 || points[i - 1].value === null ? null : /** @type {number} */ (points[i - 1].value) + offset)),
  }));
  return {
    ...base,
    tooltip: tooltip(settings, 'item', (item) => {
      const version = data.versions[item.dataIndex];
      if (item.seriesName === 'layers') {
        return `${data.versions[item.value[0]].model}, layer ${item.value[2]}\n${index.toUpperCase()}: ${format(item.value[1])}`;
      }
      const { value, low, high } = points[item.dataIndex];
      return [version.model, `${index.toUpperCase()}, ${what}: ${format(value)}${low === null ? '' : ` [${format(low)}, ${format(high)}]`}`,
        ...(version.measured_at ? [`measured ${version.measured_at}`] : []), ...version.flags].join('\n');
    }),
    grid: { left: 76, right: 32, top: top + 12, bottom: 66 },
    xAxis: axis(settings, 'x', '', {
      type: 'category', data: labels, splitLine: { show: false }, boundaryGap: true,
      axisLabel: { color: palette.text, fontFamily: base.textStyle.fontFamily, fontSize: 12, lineHeight: 16, hideOverlap: true },
    }),
    yAxis: axis(settings, 'y', index.toUpperCase(), { type: 'value', scale: true }),
    series: [
      ...dots,
      ...limits,
      ...(layer === undefined ? [] : [band({ name: index, colour, intervals: points.map((p, i) => [i, p.low, p.high]) })]),
      {
        type: 'line', name: index, z: 4, symbolSize: 11, showAllSymbol: true, lineStyle: { width: 2, color: colour }, itemStyle: { color: colour },
        data: points.map((point, i) => ({
          value: point.value, symbol: data.versions[i].flags.length > 0 ? 'diamond' : 'circle',
          symbolSize: data.versions[i].flags.length > 0 ? 16 : 11,
          itemStyle: { color: data.versions[i].flags.length > 0 ? palette.high : colour },
        })),
      },
    ],
  };
}
