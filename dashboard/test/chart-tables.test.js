import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tables from '../src/views/chart-tables.js';

const part = (self, neutral, confounder) => ({
  self_nats: self, neutral_nats: neutral, confounder_nats: confounder, rfc: 1 - self / neutral, rsi: null, degenerate: false, cohens_d: 0.5, hedges_g: 0.5,
});
const heads = {
  parts: ['single'],
  layer_count: 2,
  head_count: 2,
  heads: [
    { layer: 0, head: 0, parts: { single: part(1, 2, 1.5) }, did: null, patching: null },
    { layer: 0, head: 1, parts: { single: part(1, 1, 3) }, did: null, patching: null },
    { layer: 1, head: 1, parts: { single: part(1, 4, null) }, did: null, patching: null },
  ],
};

test('the map of heads is a table of layers by heads, with dashes where nothing was measured', () => {
  assert.deepEqual(tables.headMapTable(heads, 'rfc', 'single'), {
    columns: ['Layer', 'Head 0', 'Head 1'],
    rows: [[0, '0.5000', '0.0000'], [1, '–', '0.7500']],
  });
});

test('heads are listed by the size of their difference, those without one last', () => {
  const { rows } = tables.headTable(heads, 'single');
  assert.deepEqual(rows.map(([head, difference]) => [head, difference]), [['0.1', '−2.0000'], ['0.0', '−0.5000'], ['1.1', '–']]);
});

test('categories are columns and a missing one is a dash', () => {
  const row = { part: 'single', layer: 0, category: 'a', mean: 1, low: 0.5, high: 1.5, n: 3 };
  const data = { entropy: 'exact', parts: ['single'], categories: ['a', 'b'], rows: [row], differences: [] };
  assert.deepEqual(tables.categoryTable(data, 'single').rows, [[0, '1.0000 [0.5000, 1.5000]', '–']]);
  assert.deepEqual(tables.differenceTable(data, 'single').rows, []);
});

test('entropies of prompts follow the index of the prompt', () => {
  const prompts = [1, 0].map((index) => ({ index, category: 'a', number: index, text: `prompt ${index}`, token_counts: {} }));
  const data = { heads: [{ row: heads.heads[0], entropies: { layer: 0, head: 0, parts: { single: [0.25, null] } } }], prompts };
  assert.deepEqual(tables.entropyTable(data, 'single').rows, [['prompt 1', 'a', '–'], ['prompt 0', 'a', '0.2500']]);
});
