import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const page = readFileSync(new URL('../index.html', import.meta.url), 'utf8');

test('the page has no inline script but the import map, no inline style and no handler', () => {
  const scripts = [...page.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
  assert.deepEqual(scripts.filter(([, , body]) => body !== '').map(([, attributes]) => attributes), [' type="importmap"']);
  assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=/);
});

test('every address is relative, so that a path prefix does no harm', () => {
  const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address);
  for (const address of addresses) {
    assert.doesNotMatch(address, /^\/|^https?:/);
  }
  assert.deepEqual(JSON.parse(/importmap">([^<]*)</.exec(page)[1]).imports, { echarts: './vendor/echarts.esm.min.mjs' });
});

test('no source writes HTML or styles as text', () => {
  const root = new URL('../src/', import.meta.url);
  for (const name of readdirSync(root, { recursive: true }).filter((file) => file.endsWith('.js'))) {
    assert.doesNotMatch(readFileSync(new URL(name, root), 'utf8'), /innerHTML|outerHTML|insertAdjacentHTML|cssText|'style':/, name);
  }
});
