import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitmap } from '../src/charts/bitmap.js';
import * as difference from '../src/charts/pattern-difference.js';
import * as matrix from '../src/charts/pattern-matrix.js';

const tokens = (count) => Array.from({ length: count }, (_, i) => `t${i}`);
const uniform = (size) => Float32Array.from({ length: size * size }, (_, i) => (i % size <= Math.floor(i / size) ? 1 / (Math.floor(i / size) + 1) : 0));

test('items are key, query and weight', () => {
  const option = matrix.option({ pattern: Float32Array.of(1, 0, 0.25, 0.75), size: 2, tokens: ['a', 'b'] });
  assert.deepEqual(option.series[0].data, [[0, 0, 1], [1, 0, 0], [0, 1, 0.25], [1, 1, 0.75]]);
  assert.equal(option.visualMap.max, 1);
});

test('without the first key the others add up to 1', () => {
  const found = matrix.withoutFirstKey(Float32Array.of(1, 0, 0, 0.5, 0.5, 0, 0.5, 0.125, 0.375), 3);
  assert.deepEqual([...found], [0, 0, 0, 0, 1, 0, 0, 0.25, 0.75]);
});

test('a focused token has frames', () => {
  const data = { pattern: uniform(4), size: 4, tokens: tokens(4) };
  assert.equal(matrix.option(data, { focus: 2 }).series.length, 2);
  assert.equal(matrix.option(data, { focus: null }).series.length, 1);
  assert.equal(matrix.option(data, { focus: 9 }).series.length, 1);
});

test('512 tokens are one picture', () => {
  const option = matrix.option({ pattern: uniform(512), size: 512, tokens: tokens(512) });
  assert.equal(option.series[0].type, 'custom');
  assert.equal(option.series[0].data.length, 1);
  const item = option.series[0].renderItem({ coordSys: { x: 1, y: 2, width: 3, height: 4 } }, {});
  assert.match(item.style.image, /^data:image\/bmp;base64,Qk/);
});

test('a bitmap has a row a query, from the bottom, in the palette of the ramp', () => {
  const bytes = Buffer.from(bitmap([0, 1, 0.5, NaN], 2, 0, 1, ['#000000', '#ff8000']).split(',')[1], 'base64');
  assert.equal(bytes.readUInt32LE(2), bytes.length);
  assert.equal(bytes.readInt32LE(18), 1024);
  assert.equal(bytes.readUInt16LE(28), 8);
  const at = (row, column) => bytes[bytes.readUInt32LE(10) + (1023 - row * 512) * 1024 + column * 512];
  assert.deepEqual([at(0, 0), at(0, 1), at(1, 0), at(1, 1)], [0, 255, 128, 0]);
  assert.deepEqual([...bytes.subarray(54 + 4 * 255, 58 + 4 * 255)], [0x00, 0x80, 0xff, 0]);
});

test('a difference is instruct minus base around 0, of equal tokens only', () => {
  const a = { pattern: Float32Array.of(1, 0, 0.25, 0.75), size: 2, tokens: ['a', 'b'] };
  const b = { pattern: Float32Array.of(1, 0, 0.5, 0.5), size: 2, tokens: ['a', 'b'] };
  const option = difference.option([a, b]);
  assert.deepEqual(option.series[0].data.map((item) => item[2]), [0, 0, -0.25, 0.25]);
  assert.deepEqual([option.visualMap.min, option.visualMap.max], [-0.25, 0.25]);
  assert.match(difference.option([a, { ...b, tokens: ['a', 'c'] }]).graphic.style.text, /different tokens/);
});

test('white space in tokens can be seen', () => {
  assert.equal(matrix.tokenLabel('Ġyou'), '␣you');
  assert.equal(matrix.tokenLabel('▁are'), '␣are');
  assert.equal(matrix.tokenLabel('\n'), '↵');
  assert.equal(matrix.tokenLabel('abcdefghijklmnopqrstuvwxyz').length, 14);
});
