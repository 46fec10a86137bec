'use strict';
// `hoalu serve` told to stop while many write: what was acknowledged is in the store, whole; what was not is refused; and the
// process ends in its time. On both engines (HOALU_TEST_POSTGRES).

const assert = require('node:assert');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { test } = require('node:test');
const { run, temporary } = require('./lib/hoalu.js');
const { serve } = require('./lib/serve.js');
const { newStore } = require('./lib/store.js');

const WRITERS = 12;
const TASKS = 3;
const GRACE_MS = 10000;

const plan = (name) => `KẾ HOẠCH\nThử dừng máy chủ ${name}\n\nI. NHIỆM VỤ\n\n${Array.from({ length: TASKS }, (_, i) =>
  `${i + 1}. Xây dựng cổng dữ liệu số ${i + 1}.\n\n- Cơ quan chủ trì: Sở A.\n\n- Thời gian thực hiện: Quý IV/2026.\n\n`).join('')}`;

// { status, body }, or { error } when the connection was refused or cut.
function post(agent, url, body) {
  return new Promise((resolve) => {
    const request = http.request(url, { method: 'POST', agent, headers: { 'Content-Type': 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (d) => (text += d));
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
      response.on('error', (e) => resolve({ error: e.code }));
    });
    request.on('error', (e) => resolve({ error: e.code || e.message }));
    request.end(JSON.stringify(body));
  });
}

async function all(url, address) {
  const items = [];
  for (let after = ''; after !== null; ) {
    const page = await (await fetch(`${url}${address}${after ? `${address.includes('?') ? '&' : '?'}after=${after}` : ''}`)).json();
    items.push(...page.items);
    after = page.next;
  }
  return items;
}

test('a stop during load finishes what was acknowledged and refuses the rest', async (t) => {
  const folder = temporary(t);
  const store = newStore(t, folder);
  const bodies = path.join(folder, 'b.csv');
  fs.writeFileSync(bodies, 'code,name,kind\nSO-A,Sở A,department\n');
  assert.strictEqual((await run(['org', 'load', bodies, '--store', store])).status, 0);
  const { url, stop } = await serve(t, store);

  const answered = [];
  const ends = [];
  let sent = 0;
  const agent = new http.Agent({ keepAlive: true });
  const writers = Array.from({ length: WRITERS }, async () => {
    for (;;) {
      const name = `k-${++sent}.txt`;
      const r = await post(agent, `${url}/api/draft.create`, { name, text: plan(name) });
      if (r.status === 200) answered.push({ name, ...r.body });
      else ends.push(r);
      if (r.error === 'ECONNREFUSED') return;
    }
  });
  while (answered.length < 3 * WRITERS) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = answered.length;
  const clock = Date.now();
  const status = await stop();
  const ms = Date.now() - clock;
  await Promise.all(writers);
  agent.destroy();
  assert.strictEqual(status, 0);
  assert.ok(ms < GRACE_MS, `${ms} ms until the process had ended`);
  for (const { status: refused, error } of ends) {
    assert.ok(refused === 503 || ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'socket hang up'].includes(error), `${refused} ${error}`);
  }
  t.diagnostic(`${before} answered before the stop, ${answered.length - before} during it, ${ends.length} refused; ended after ${ms} ms`);

  const again = await serve(t, store);
  const drafts = new Map((await all(again.url, '/drafts.json')).map((d) => [d.source_name, d]));
  const events = (await all(again.url, '/ledger.json?limit=1000')).filter((e) => e.kind === 'draft.create');
  assert.strictEqual(drafts.size, events.length, 'a draft for each event, and an event for each draft');
  for (const { name, position, result } of answered) {
    const draft = drafts.get(name);
    assert.ok(draft, `${name} was answered with ${position} and is gone`);
    assert.strictEqual(draft.id, result.draft);
    assert.strictEqual(draft.version, position);
  }
  assert.ok(drafts.size <= sent);
  for (const draft of drafts.values()) {
    const items = await all(again.url, `/drafts/${draft.id}/items.json`);
    assert.strictEqual(items.filter((item) => item.kind === 'task').length, TASKS, `${draft.source_name} is whole`);
  }
  assert.strictEqual(await again.stop(), 0);
  const verified = await run(['ledger', 'verify', '--store', store]);
  assert.strictEqual(verified.status, 0, verified.stderr);
});
