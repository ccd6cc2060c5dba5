import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApi } from '../src/api/api.js';
import { ApiError, client } from '../src/api/client.js';
import { attentionOf, decodePattern } from '../src/api/pattern.js';

const BASE = 'http://127.0.0.1:1/lab/api/v1/';

/** An answer, and what was asked. */
function answering(body, init = {}) {
  const asked = [];
  const call = async (address) => {
    asked.push(String(address));
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), init);
  };
  return { asked, call };
}

/** 2 × 2: [[1, 0], [0.25, 0.75]], little-endian. */
function sent() {
  const bytes = Buffer.alloc(16);
  [1, 0, 0.25, 0.75].forEach((value, cell) => bytes.writeFloatLE(value, 4 * cell));
  return { tokens: ['a', 'b'], size: 2, pattern: bytes.toString('base64') };
}

test('addresses stay below the prefix and leave out what is empty', async () => {
  const { asked, call } = answering({ items: [] });
  await openApi(BASE, undefined, call).runs({ family: '', state: 'running', page_token: undefined });
  assert.deepEqual(asked, [`${BASE}runs?state=running`]);
});

test('names cannot leave their place in the path', async () => {
  const { asked, call } = answering({});
  await openApi(BASE, undefined, call).run('../versions?x');
  assert.deepEqual(asked, [`${BASE}runs/..%2Fversions%3Fx`]);
});

test('a problem is told as the service tells it', async () => {
  const { call } = answering({ title: 'Not found', status: 404, detail: 'There is no run x.' }, { status: 404 });
  await assert.rejects(client(BASE, call)(['runs', 'x']), (fault) => {
    assert.ok(fault instanceof ApiError);
    assert.equal(fault.status, 404);
    assert.equal(fault.detail, 'There is no run x.');
    return true;
  });
});

test('an answer that is not a problem document still gives a sentence', async () => {
  const { call } = answering('<html>', { status: 502 });
  await assert.rejects(client(BASE, call)(['runs']), /The service answered 502: It gave no reason\./);
});

test('no answer is status 0, and an aborted call stays one', async () => {
  const failing = (fault) => client(BASE, () => Promise.reject(fault))(['runs']);
  await assert.rejects(failing(new TypeError('fetch failed')), (fault) => fault instanceof ApiError && fault.status === 0);
  await assert.rejects(failing(new DOMException('ended', 'AbortError')), { name: 'AbortError' });
});

test('a pattern is decoded row by row', () => {
  const decoded = decodePattern(sent());
  assert.deepEqual([...decoded.pattern], [1, 0, 0.25, 0.75]);
  assert.deepEqual(attentionOf(decoded, 1), { from: Float32Array.of(0.25, 0.75), to: Float32Array.of(0, 0.75) });
  assert.deepEqual(attentionOf(decoded, 0), { from: Float32Array.of(1, 0), to: Float32Array.of(1, 0.25) });
});

test('a pattern of another size is refused with both sizes', () => {
  assert.throws(() => decodePattern({ ...sent(), size: 3 }), /A pattern of 3 tokens came with 16 bytes and 2 tokens\./);
});
