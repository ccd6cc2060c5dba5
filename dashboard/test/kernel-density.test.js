import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { kernelDensity, mean, median } from '../src/charts/kernel-density.js';

const golden = JSON.parse(readFileSync(new URL('./fixtures/density.json', import.meta.url), 'utf8'));
const RELATIVE = 1e-12;

for (const { sample, bandwidth, y, density } of golden.cases) {
  test(`densities of ${sample.length} values are those of ${golden.made_with}`, () => {
    const found = kernelDensity(sample);
    assert.ok(Math.abs(found.bandwidth / bandwidth - 1) < RELATIVE);
    y.forEach((at, i) => assert.ok(Math.abs(found.y[i] - at) < RELATIVE));
    density.forEach((value, i) => assert.ok(Math.abs(found.density[i] / value - 1) < RELATIVE));
  });
}

test('equal values have no density', () => {
  assert.deepEqual(kernelDensity([0.5, 0.5, 0.5]), { y: [], density: [], bandwidth: 0 });
  assert.deepEqual(kernelDensity([1]).y, []);
  assert.deepEqual(kernelDensity([]).y, []);
});

test('median and mean', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.ok(Number.isNaN(median([])));
  assert.equal(mean([1, 2]), 1.5);
  assert.ok(Number.isNaN(mean([])));
});
