'use strict';
// The server as a program sees it: addresses, forms, refusals, and how it stops. Runs on PostgreSQL as well
// (HOALU_TEST_POSTGRES).

const { test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { run, json, temporary, root } = require('./lib/hoalu.js');
const { newStore } = require('./lib/store.js');
const { serve } = require('./lib/serve.js');

const plan = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');

async function started(t) {
  const folder = temporary(t), store = newStore(t, folder);
  const env = { HOALU_KEY: path.join(folder, 'key') };
  const loaded = await run(['plan', 'load', plan, '--store', store], { env });
  assert.equal(loaded.status, 0, loaded.stderr);
  return { folder, store, env, ...(await serve(t, store, [], env)) };
}

test('lists are paged by cursor to their end, and one plan is one address', async (t) => {
  const { url } = await started(t);
  const seen = [];
  for (let after = ''; ; ) {
    const page = await (await fetch(`${url}/plans/06-nq-tu/clauses?limit=50${after}`)).json();
    seen.push(...page.items.map((i) => i.path));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  const plans = await (await fetch(`${url}/plans`)).json();
  assert.equal(seen.length, plans.items[0].clauses);
  assert.equal(new Set(seen).size, seen.length);
  assert.deepEqual(await (await fetch(`${url}/plans/06-nq-tu`)).json(), plans.items[0]);
  assert.equal((await fetch(`${url}/plans/06-nq-tu?as-of=2020-01-01`)).status, 404);
  assert.equal((await fetch(`${url}/plans?as-of=2020-01-01`)).status, 200);
});

test('what is refused is a problem in words, and HEAD has the length of GET', async (t) => {
  const { url } = await started(t);
  for (const [address, status] of [['/plans/khong-co', 404], ['/tasks?limit=0', 400], ['/tasks?la=1', 400], ['/api/plan.get', 405], ['/a%00b', 400]]) {
    const answer = await fetch(`${url}${address}`);
    assert.equal(answer.status, status, address);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json', address);
    const problem = await answer.json();
    assert.equal(problem.status, status);
    assert.ok(problem.title.length > 5);
  }
  const plain = { headers: { 'accept-encoding': 'identity' } };
  const get = await fetch(`${url}/tasks`, plain), head = await fetch(`${url}/tasks`, { method: 'HEAD', ...plain });
  assert.equal(head.headers.get('content-length'), String((await get.arrayBuffer()).byteLength));
  assert.equal(head.headers.get('etag'), get.headers.get('etag'));
  assert.equal((await fetch(`${url}/tasks`, { headers: { ...plain.headers, 'if-none-match': get.headers.get('etag') } })).status, 304);
});

test('a machine asks, and a person who looks with a browser reads the same', async (t) => {
  const { url } = await started(t);
  const first = await fetch(`${url}/`, { redirect: 'manual' });
  assert.deepEqual([first.status, first.headers.get('location')], [302, '/plans']);
  for (const accept of ['*/*', 'text/html,application/xhtml+xml,*/*;q=0.8']) {
    const get = (address) => fetch(`${url}${address}`, { headers: { accept } });
    for (const address of ['/healthz', '/readyz']) assert.equal(await (await get(address)).text(), 'ok\n', address);
    assert.match(await (await get('/metrics')).text(), /^hoalu_ledger_position \d+$/m);
    assert.equal((await (await get('/openapi.json')).json()).openapi.slice(0, 3), '3.1');
  }
});

test('what is written is there for the next request, and stands in the ledger', async (t) => {
  const { url, store, env, stop } = await started(t);
  const call = (name, args) => fetch(`${url}/api/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(args) });
  const sealed = await (await call('ledger.seal', {})).json();
  const events = await (await fetch(`${url}/ledger`)).json();
  assert.equal(events.items[0].position, sealed.position);
  assert.match(await (await fetch(`${url}/metrics`)).text(), new RegExp(`hoalu_ledger_position ${sealed.position}\\n`));
  assert.equal(await stop(), 0);
  const verdict = await json(['ledger', 'verify', '--store', store, '--format', 'json'], { env });
  assert.equal(verdict.whole, true);
  assert.equal(verdict.head, sealed.position);
});

test('a stop during load answers what was begun and refuses the rest', async (t) => {
  const { url, store, env, stop } = await started(t);
  const answered = [], other = [];
  let going = true;
  const reader = async () => {
    while (going)
      try {
        const r = await fetch(`${url}/api/ledger.seal`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
        const body = await r.json();
        if (r.status === 200) answered.push(body.position);
        else other.push(r.status);
      } catch {
        going = false; // no longer accepted
      }
  };
  const readers = Array.from({ length: 8 }, reader);
  await new Promise((done) => setTimeout(done, 300));
  assert.equal(await stop(), 0);
  await Promise.all(readers);
  assert.ok(answered.length > 8, `answered ${answered.length}`);
  assert.deepEqual(other.filter((s) => s !== 503), []);
  const verdict = await json(['ledger', 'verify', '--store', store, '--format', 'json'], { env });
  assert.equal(verdict.whole, true);
  assert.ok(verdict.head >= Math.max(...answered));
});

test('without accounts nobody beyond this machine is served', async (t) => {
  const folder = temporary(t);
  for (const address of ['0.0.0.0:0', '192.0.2.1:80', '[::]:0', 'localhost', '127.0.0.1:99999'])
    assert.equal((await run(['serve', '--store', path.join(folder, 'x.db'), '--listen', address])).status, 2, address);
  assert.deepEqual(fs.readdirSync(folder), []);
});
