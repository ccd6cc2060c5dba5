import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as candidatesChart from '../src/charts/patching-candidates.js';
import * as comparison from '../src/charts/rfc-rsi-comparison.js';
import * as control from '../src/charts/cross-token-control.js';
import * as crossModel from '../src/charts/cross-model.js';
import * as deltas from '../src/charts/layer-deltas.js';
import * as differences from '../src/charts/rfc-rsi-differences.js';
import * as confounder from '../src/charts/confounder-delta.js';
import * as heatmap from '../src/charts/head-heatmap.js';
import * as lines from '../src/charts/layer-entropy-lines.js';
import * as separation from '../src/charts/role-focus-separation.js';
import * as tokens from '../src/charts/token-attention.js';
import * as topHeads from '../src/charts/top-heads.js';
import * as trend from '../src/charts/version-trend.js';
import * as violins from '../src/charts/entropy-violins.js';

const fixture = (name) => JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));
const categories = fixture('categories');
const heads = fixture('heads');
const keys = fixture('key-attention');
const layers = fixture('layers');
const charts = [
  ['layer-entropy-lines', lines, categories], ['head-heatmap', heatmap, heads], ['token-attention', tokens, keys],
  ['entropy-violins', violins, fixture('violins')], ['layer-deltas', deltas, categories], ['top-heads', topHeads, heads],
  ['cross-token-control', control, keys], ['confounder-delta', confounder, categories], ['role-focus-separation', separation, layers],
  ['rfc-rsi-comparison', comparison, layers], ['rfc-rsi-differences', differences, layers],
  ['patching-candidates', candidatesChart, fixture('candidates')],
];

for (const [name, chart, data] of charts) {
  test(`${name} depends on its arguments alone and leaves them as they are`, () => {
    const before = JSON.stringify(data);
    const settings = Object.freeze({ part: 'instruct', prompts: { self_referent: 30, neutral: 30, confounder: 30 } });
    const first = JSON.stringify(chart.option(data, settings));
    assert.equal(JSON.stringify(chart.option(data, settings)), first);
    assert.equal(JSON.stringify(data), before);
    const { width, height } = chart.size(data, settings);
    assert.ok(width > 0 && height > 0);
  });

  test(`${name} has a title, a caption, and other colours in the dark`, () => {
    const light = chart.option(data, { dark: false });
    const dark = chart.option(data, { dark: true });
    const title = [light.title].flat()[0];
    assert.ok(title.text.length > 10);
    assert.ok(title.subtext.length > 30);
    assert.notEqual(light.backgroundColor, dark.backgroundColor);
    assert.equal(light.tooltip.renderMode, 'richText');
  });

  test(`${name} breaks title and caption where it is narrow, and is higher then`, () => {
    const narrow = chart.option(data, { width: 360 });
    assert.ok([narrow.title].flat()[0].subtext.includes('\n'));
    assert.equal(chart.size(data, { width: 360 }).width, 360);
    assert.ok(chart.size(data, { width: 360 }).height > chart.size(data, { width: 800 }).height - 1);
  });
}

test('lines are the rows of the part, with their intervals as bands', () => {
  const option = lines.option(categories, { part: 'base' });
  const drawn = option.series.filter((series) => series.type === 'line');
  assert.deepEqual(drawn.map((series) => series.name), ['self-referent', 'confounder', 'neutral', 'third-person']);
  const own = categories.rows.filter((row) => row.part === 'base' && row.category === 'neutral');
  assert.deepEqual(drawn[2].data, own.map((row) => row.mean));
  const band = option.series.find((series) => series.type === 'custom' && series.name === 'neutral');
  assert.deepEqual(band.data, own.map((row) => [row.layer, row.low, row.high]));
});

test('a heat map has a cell for every head with a value, in order', () => {
  const cells = heatmap.option(heads, { part: 'instruct', value: 'rfc' }).series[0].data;
  assert.deepEqual(cells, heads.heads.map((row) => [row.head, row.layer, row.parts.instruct.rfc]));
  const { visualMap } = heatmap.option(heads, { part: 'instruct', value: 'rfc' });
  assert.equal(visualMap.min, -visualMap.max);
});

test('every value of a head is the one the API gives', () => {
  const row = heads.heads.find((head) => head.did && head.patching);
  const own = row.parts.base;
  assert.equal(heatmap.headValue(row, 'self_minus_neutral', 'base'), own.self_nats - own.neutral_nats);
  assert.equal(heatmap.headValue(row, 'self_minus_confounder', 'base'), own.self_nats - own.confounder_nats);
  assert.equal(heatmap.headValue(row, 'rsi', 'base'), own.rsi);
  assert.equal(heatmap.headValue(row, 'did', 'base'), row.did.did_median);
  assert.equal(heatmap.headValue(row, 'denoising', 'base'), row.patching.denoising.value);
  assert.equal(heatmap.headValue({ ...row, patching: null }, 'noising', 'base'), null);
  assert.throws(() => heatmap.headValue(row, 'other', 'base'), /other/);
});

test('missing heads are left out, a degenerate one has a frame, a selected one another', () => {
  const [first, second, third] = structuredClone(heads.heads.slice(0, 3));
  first.parts.instruct.rfc = null;
  second.parts.instruct.degenerate = true;
  const option = heatmap.option({ ...heads, heads: [first, second, third] }, { value: 'rfc', selected: { layer: 0, head: 2 } });
  assert.equal(option.series[0].data.length, 2);
  assert.equal(option.series[0].data[0].itemStyle.borderWidth, 2);
  assert.equal(option.series[0].data[1].itemStyle.borderWidth, 3);
  assert.match(option.title[0].subtext.replaceAll('\n', ' '), /1 head is degenerate \(frame\)\. Grey: not defined/);
});

test('a map without values among others is explained', () => {
  const without = heads.heads.map((row) => ({ ...row, parts: { instruct: { ...row.parts.instruct, confounder_nats: null } } }));
  const option = heatmap.option({ ...heads, heads: without }, { part: 'instruct', values: ['self_minus_neutral', 'self_minus_confounder'] });
  assert.match(option.title[0].subtext, /Grey: not defined\. There are no confounder prompts\./);
});

test('one outlier among many heads does not take all colour', () => {
  const many = Array.from({ length: 200 }, (_, i) => ({ layer: Math.floor(i / 20), head: i % 20, parts: { single: { rfc: i === 7 ? -40 : 0.1 } } }));
  const option = heatmap.option({ parts: ['single'], layer_count: 10, head_count: 20, heads: many }, { value: 'rfc' });
  assert.equal(option.visualMap.max, 0.1);
  assert.match(option.title[0].subtext, /1 value lies beyond/);
});

test('the top heads of a layer are those with the greatest difference, ranked', () => {
  const option = topHeads.option(heads, { part: 'instruct', top: 3 });
  assert.equal(option.series.length, 3);
  const layer = heads.heads.filter((row) => row.layer === 2)
    .map((row) => row.parts.instruct.self_nats - row.parts.instruct.confounder_nats)
    .sort((a, b) => Math.abs(b) - Math.abs(a));
  assert.deepEqual(option.series.map((series) => series.data[2].value), layer.slice(0, 3));
});

test('the control has mean and single heads of self minus neutral', () => {
  const option = control.option(keys, { part: 'instruct' });
  const of = (layer, head, category) => keys.rows.find((r) => r.part === 'instruct' && r.layer === layer && r.head === head && r.category === category);
  const expected = Array.from({ length: 8 }, (_, head) => of(3, head, 'self_referent').first - of(3, head, 'neutral').first);
  assert.deepEqual(option.series[1].data.filter(([layer]) => layer === 3).map(([, value]) => value), expected);
  assert.ok(Math.abs(option.series[0].data[3] - expected.reduce((a, b) => a + b) / 8) < 1e-12);
});

test('differences are filled where significant and hollow elsewhere', () => {
  const option = differences.option(layers);
  const [yes, no] = option.series.filter((series) => series.type === 'bar' && series.stack === 'rfc');
  layers.layers.forEach((row, i) => {
    const { significant, ratio_of_sums: estimate } = row.difference.rfc;
    assert.equal(yes.data[i], significant ? estimate.value : null);
    assert.equal(no.data[i], significant ? null : estimate.value);
  });
});

test('violins name the effect, and the most separated heads come first', () => {
  const option = violins.option(fixture('violins'), { part: 'instruct' });
  assert.equal(option.series.length, 6);
  assert.match(option.title[1].text, /^layer \d+, head \d+: d = −?\d\.\d\d$/);
  const chosen = violins.mostSeparated(heads.heads, 'instruct');
  assert.deepEqual(chosen.map((row) => [row.layer, row.head]), fixture('violins').heads.map(({ row }) => [row.layer, row.head]));
});

test('a band ends at a gap and begins again behind it', async () => {
  const { runs } = await import('../src/charts/marks.js');
  assert.deepEqual(runs([[0, 1, 2], [1, null, 2], [2, 1, 2], [3, 0, 1], [4, 1, NaN]]), [[[0, 1, 2]], [[2, 1, 2], [3, 0, 1]]]);
});

test('what is missing is said in a sentence', () => {
  const single = { parts: ['single'], layers: layers.layers.map((row) => ({ ...row, parts: { single: row.parts.base }, difference: null })) };
  const told = (option) => option.graphic.style.text.replaceAll('\n', ' ');
  assert.match(told(differences.option(single)), /One model was measured/);
  assert.equal(comparison.option(single).series.filter((series) => series.type === 'line').length, 2);
  const noConfounder = { ...categories, categories: ['self_referent', 'neutral'], differences: categories.differences.filter((d) => d.minuend === 'neutral') };
  assert.match(told(confounder.option(noConfounder)), /no confounder prompts/);
  assert.equal(deltas.option(noConfounder).series.filter((series) => series.type === 'bar').length, 1);
  assert.match(told(candidatesChart.option({ ranked_count: 0, entropy: 'reference', candidates: [], causes: null })), /No heads were ranked/);
  assert.match(told(violins.option({ heads: [], prompts: [] })), /no head/);
  assert.match(told(heatmap.option({ ...heads, heads: heads.heads.map((row) => ({ ...row, patching: null })) }, { value: 'denoising' })), /No sweep/);
  assert.match(told(trend.option({ family: 'demo', versions: [] })), /No version of demo/);
  assert.match(told(crossModel.option({ series: [], correlations: [], verdict: '' })), /No comparison/);
});

test('versions are flagged, and thresholds lie around the version before', () => {
  const version = (model, value, flags) => ({ model, run_id: model, part: 'instruct', digest: '', measured_at: '2026-01-02T03:04:05Z',
    layers: [{ layer: 0, rfc: { value, low: value - 1, high: value + 1 }, rsi: { value, low: null, high: null } }], mean: { rfc: value, rsi: value }, flags });
  const option = trend.option({ family: 'f', versions: [version('a', 1, []), version('b', 3, ['moved'])] }, { index: 'rfc', layer: 0, threshold: 0.5 });
  const line = option.series.find((series) => series.name === 'rfc' && series.type === 'line');
  assert.deepEqual(line.data.map((point) => [point.value, point.symbol]), [[1, 'circle'], [3, 'diamond']]);
  assert.deepEqual(option.series.filter((series) => series.name === 'threshold').map((series) => series.data), [[null, 0.5], [null, 1.5]]);
});
