import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRoute, indexOf, oneOf, parseRoute } from '../src/state/route.js';

test('an address comes back as it was written', () => {
  const path = ['runs', 'demo-0123456789ab', 'heads'];
  const query = { value: 'rfc', layer: '1', head: '2', prompt: '3', token: '4', sink: 'off' };
  const address = formatRoute(path, query);
  assert.equal(address, '#/runs/demo-0123456789ab/heads?value=rfc&layer=1&head=2&prompt=3&token=4&sink=off');
  assert.deepEqual(parseRoute(address), { path, query });
});

test('names with signs of addresses survive', () => {
  const route = { path: ['runs', 'a/b?c#d %'], query: { family: 'a&b=c' } };
  assert.deepEqual(parseRoute(formatRoute(route.path, route.query)), route);
});

test('what is not set is not in the address', () => {
  assert.equal(formatRoute(['runs'], { a: null, b: undefined, c: '', d: 0 }), '#/runs?d=0');
});

test('a broken address is read as far as it goes', () => {
  assert.deepEqual(parseRoute(''), { path: [], query: {} });
  assert.deepEqual(parseRoute('#/runs/%E0%A4%A'), { path: ['runs', '%E0%A4%A'], query: {} });
});

test('indices out of range and other words are not taken', () => {
  const route = { path: [], query: { layer: '5', head: '-1', token: '1e3', value: 'rfc' } };
  assert.equal(indexOf(route, 'layer', 6), 5);
  assert.equal(indexOf(route, 'layer', 5), null);
  assert.equal(indexOf(route, 'head', 6), null);
  assert.equal(indexOf(route, 'token', 2000), null);
  assert.equal(indexOf(route, 'missing', 6), null);
  assert.equal(oneOf(route, 'value', ['rsi', 'rfc'], 'rsi'), 'rfc');
  assert.equal(oneOf(route, 'value', ['rsi', 'did'], 'rsi'), 'rsi');
});
