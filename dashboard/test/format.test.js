import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, estimate, NONE, number, signed, time, tokenText } from '../src/state/format.js';
import { sorted } from '../src/state/sort.js';
import { cellAt, cellBox } from '../src/views/cells.js';

test('numbers have a true minus, and none where they round to zero', () => {
  assert.equal(number(0.12345), '0.1235');
  assert.equal(number(-0.5, 2), '−0.50');
  assert.equal(number(-0.00001), '0.0000');
  assert.equal(signed(0.5, 1), '+0.5');
  assert.equal(signed(-0.5, 1), '−0.5');
  assert.equal(number(0), '0.0000');
});

test('what does not exist is a dash', () => {
  for (const nothing of [null, undefined, NaN]) {
    assert.equal(number(nothing), NONE);
    assert.equal(signed(nothing), NONE);
  }
  assert.equal(estimate(null), NONE);
  assert.equal(estimate({ value: null, low: null, high: null }), NONE);
  assert.equal(time(null), NONE);
});

test('an estimate without an interval is a number', () => {
  assert.equal(estimate({ value: 0.5, low: null, high: null }, 2), '0.50');
  assert.equal(estimate({ value: 0.5, low: -0.25, high: 1 }, 2), '0.50 [−0.25, 1.00]');
});

test('sizes and times', () => {
  assert.equal(bytes(999), '999 B');
  assert.equal(bytes(12_345), '12.3 kB');
  assert.equal(bytes(1_234_567), '1.2 MB');
  assert.equal(time('2026-11-23T01:48:02.041083054Z'), '2026-11-23 01:48 UTC');
});

test('tokens are read as people write them', () => {
  assert.equal(tokenText('Ġwho'), 'who');
  assert.equal(tokenText('▁who'), 'who');
  assert.equal(tokenText('Ċ'), '⏎');
  assert.equal(tokenText('Ġ'), '␣');
});

test('rows without a key come last in either order, and ties keep their order', () => {
  const rows = [{ n: 1, v: 2 }, { n: 2, v: null }, { n: 3, v: 1 }, { n: 4, v: 2 }];
  const order = (direction) => sorted(rows, (row) => row.v, direction).map((row) => row.n);
  assert.deepEqual(order('ascending'), [3, 1, 4, 2]);
  assert.deepEqual(order('descending'), [1, 4, 3, 2]);
  assert.deepEqual(rows.map((row) => row.n), [1, 2, 3, 4]);
});

test('a point in the middle of every cell is in that cell', () => {
  const all = { x: 50, y: 20, width: 320, height: 96 };
  for (let row = 0; row < 6; row++) {
    for (let column = 0; column < 8; column++) {
      const box = cellBox(all, 8, 6, column, row);
      assert.deepEqual(cellAt(all, 8, 6, box.x + box.width / 2, box.y + box.height / 2), { column, row });
    }
  }
});

test('beside the map one of both is known', () => {
  const all = { x: 50, y: 20, width: 320, height: 96 };
  assert.deepEqual(cellAt(all, 8, 6, 10, 30), { column: null, row: 0 });
  assert.deepEqual(cellAt(all, 8, 6, 369, 200), { column: 7, row: null });
  assert.deepEqual(cellAt(all, 8, 6, 0, 0), { column: null, row: null });
});
