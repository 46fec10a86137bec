'use strict';
// Kept pages as readers see them: never old, never another's, never more than their bound. Runs on PostgreSQL as well
// (HOALU_TEST_POSTGRES).

const { test } = require('node:test');
const assert = require('node:assert/strict');
const http = require('node:http');
const path = require('node:path');
const zlib = require('node:zlib');
const { run, temporary, root } = require('./lib/hoalu.js');
const { newStore } = require('./lib/store.js');
const { serve } = require('./lib/serve.js');

const plan = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');
const other = path.join(root, 'test/plans/several-leads.md');
const HTML = { accept: 'text/html' };

async function load(store, file, slug) {
  const done = await run(['plan', 'load', file, '--store', store, ...(slug ? ['--slug', slug] : [])]);
  assert.equal(done.status, 0, done.stderr);
}

async function started(t, args = []) {
  const store = newStore(t, temporary(t));
  await load(store, plan);
  const { url } = await serve(t, store, args);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  t.after(() => agent.destroy());
  // As it came: nothing is unpacked.
  const get = (address, headers = {}, method = 'GET') => new Promise((resolve, reject) => {
    const request = http.request(new URL(address, url), { agent, headers, method }, (answer) => {
      const parts = [];
      answer.on('data', (d) => parts.push(d));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
    });
    request.on('error', reject);
    request.end();
  });
  const metric = async (name) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(String((await get('/metrics')).body))[1]);
  return { store, url, get, metric };
}

const unpacked = ({ headers, body }) => ({ br: zlib.brotliDecompressSync, gzip: zlib.gunzipSync })[headers['content-encoding']]?.(body) ?? body;

test('every form, language and encoding of an address stays itself, for many readers at once', async (t) => {
  const { get, metric } = await started(t);
  const asks = [];
  for (const encoding of ['identity', 'gzip', 'br'])
    for (const address of ['/tasks', '/plans/06-nq-tu/clauses/III.3.3', '/targets?plan=06-nq-tu'])
      for (const headers of [HTML, { ...HTML, cookie: 'lang=en' }])
        asks.push({ address, headers: { ...headers, 'accept-encoding': encoding }, encoding });
  for (const encoding of ['identity', 'gzip', 'br'])
    for (const address of ['/tasks.json', '/tasks.csv', '/tasks?limit=3'])
      asks.push({ address, headers: { 'accept-encoding': encoding }, encoding });
  const key = (a) => a.address + a.headers.accept + a.headers.cookie;
  const plain = new Map();
  for (const ask of asks) {
    ask.first = await get(ask.address, ask.headers);
    assert.equal(ask.first.status, 200);
    assert.equal(ask.first.headers['content-encoding'] ?? 'identity', ask.encoding);
    assert.match(ask.first.headers.vary, /Accept, Accept-Encoding/);
    const content = String(unpacked(ask.first)).replace(/(Số liệu đến|As of) [^<]*/, ''); // the minute it was made
    if (ask.headers.accept) assert.match(content, ask.headers.cookie ? /<html lang="en">/ : /<html lang="vi">/);
    if (!plain.has(key(ask))) plain.set(key(ask), content);
    assert.equal(content, plain.get(key(ask)), `${ask.address} ${ask.encoding}`);
  }
  assert.equal(new Set(asks.map((a) => a.first.headers.etag)).size, asks.length);
  const before = await metric('hoalu_kept_hits_total');
  await Promise.all(Array.from({ length: 40 * asks.length }, async (_, i) => {
    const ask = asks[(i * 7) % asks.length], answer = await get(ask.address, ask.headers);
    assert.equal(answer.headers.etag, ask.first.headers.etag);
    assert.ok(answer.body.equals(ask.first.body), ask.address);
  }));
  assert.equal((await metric('hoalu_kept_hits_total')) - before, 40 * asks.length);
});

test('who has a page already is told so; HEAD says its length', async (t) => {
  const { get } = await started(t);
  for (const encoding of ['identity', 'br']) {
    const headers = { ...HTML, 'accept-encoding': encoding }, first = await get('/tasks', headers), tag = first.headers.etag;
    const same = await get('/tasks', { ...headers, 'if-none-match': `"x", ${tag}` });
    assert.equal(same.status, 304);
    assert.equal(same.headers.etag, tag);
    assert.equal(same.body.length, 0);
    for (const name of ['cache-control', 'vary']) assert.equal(same.headers[name], first.headers[name]);
    assert.equal((await get('/tasks', { ...headers, 'if-none-match': '"x"' })).status, 200);
    const head = await get('/tasks', headers, 'HEAD');
    assert.equal(Number(head.headers['content-length']), first.body.length);
    assert.equal(head.headers.etag, tag);
    assert.equal(head.body.length, 0);
  }
});

test('what another process writes is there: at once for who brings its position, for all others soon', async (t) => {
  const { get, store, metric } = await started(t);
  const plans = async (headers) => String((await get('/plans', { ...HTML, ...headers })).body);
  assert.doesNotMatch(await plans(), /hai-ke-hoach/);
  await load(store, other, 'hai-ke-hoach');
  const position = await metric('hoalu_ledger_position');
  assert.match(await plans({ 'hoalu-position': position }), /hai-ke-hoach/);

  await load(store, other, 'ba-ke-hoach');
  for (const until = Date.now() + 5000; !/ba-ke-hoach/.test(await plans()); )
    assert.ok(Date.now() < until, 'the old page is still served');
  assert.match(String((await get('/plans.json')).body), /ba-ke-hoach/);

  const ahead = await get('/plans.json', { 'hoalu-position': 1000000 });
  assert.equal(ahead.status, 503);
  assert.equal(ahead.headers['content-type'], 'application/problem+json');
  assert.ok(Number(ahead.headers['retry-after']) > 0);
  assert.equal((await get('/plans.json', { 'hoalu-position': 'x' })).status, 400);
});

test('addresses without end take neither memory nor the place of others', async (t) => {
  const { get, metric } = await started(t, ['--kept', '1']);
  await get('/tasks', HTML);
  await get('/tasks', HTML);
  const noise = Array.from({ length: 600 }, (_, i) => [`/tasks?x=${i}`, `/tasks?limit=${(i % 900) + 1}&after=1.${(i % 40) + 1}`]).flat();
  for (let i = 0; i < noise.length; i += 30) await Promise.all(noise.slice(i, i + 30).map((a) => get(a, a.includes('x=') ? HTML : {})));
  assert.ok((await metric('hoalu_kept_bytes')) <= 1 << 20);
  const hits = await metric('hoalu_kept_hits_total');
  await get('/tasks', HTML);
  assert.equal(await metric('hoalu_kept_hits_total'), hits + 1);
});

test('without a shelf the answers are the same', async (t) => {
  const kept = await started(t), anew = await started(t, ['--kept', '0', '--rows', '0']);
  for (const [address, headers] of [['/plans/06-nq-tu/clauses/III.3.3', HTML], ['/tasks.json', {}], ['/tasks.csv', {}]]) {
    const a = await kept.get(address, headers), b = await anew.get(address, headers);
    assert.deepEqual([b.status, b.headers['content-type'], b.headers.vary], [a.status, a.headers['content-type'], a.headers.vary]);
    if (!headers.accept) assert.equal(b.headers.etag, a.headers.etag); // a page says the minute it was made
    assert.equal((await anew.get(address, { ...headers, 'if-none-match': b.headers.etag })).status, 304);
  }
  assert.equal(await anew.metric('hoalu_kept_pages'), 0);
  const wrong = await run(['serve', '--kept', 'x', '--store', kept.store]);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /--kept/);
});
