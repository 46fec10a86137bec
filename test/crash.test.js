'use strict';
// Kill the writer with SIGKILL at random moments, a hundred times: while it opens a new store, during single writes and
// during larger loads. Each time the store opens, its ledger is whole, and nothing that was acknowledged is missing.
// Under test/with-postgres (HOALU_TEST_POSTGRES) the store is PostgreSQL and the client process is what dies.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { run, temporary, binary } = require('./lib/hoalu.js');
const { newStore, server } = require('./lib/store.js');

const writer = path.join(path.dirname(binary), 'test/crash-writer');
const KILLS = 100;
const PER_STORE = 10;

// Run the writer until `ms` after it said it was ready (after its start, if `opening`), then kill it. What it acknowledged.
function killed(store, key, threads, events, ms, opening) {
  return new Promise((resolve, reject) => {
    const child = spawn(writer, [store, key, String(threads), String(events)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks = [];
    let armed = false;
    const arm = () => {
      if (!armed) setTimeout(() => child.kill('SIGKILL'), ms);
      armed = true;
    };
    if (opening) arm();
    child.stdout.on('data', (d) => {
      chunks.push(d);
      arm();
    });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (signal !== 'SIGKILL') return reject(new Error(`the writer ended by itself: ${status} ${signal}`));
      // The last line may be cut: it was not received, so it was not acknowledged.
      const lines = Buffer.concat(chunks).toString().split('\n').slice(0, -1);
      resolve(lines.filter((l) => l !== 'ready').map((l) => l.split(' ')));
    });
  });
}

function open(store, key) {
  return new Promise((resolve, reject) => {
    const child = spawn(writer, [store, key, '0', '0'], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('close', (status) => (status === 0 ? resolve() : reject(new Error(`the store does not open: ${status}`))));
  });
}

// Every event of the ledger: position -> subject.
function subjects(file) {
  const all = new Map();
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    if (!line.startsWith('{"event":')) continue;
    const e = JSON.parse(line);
    all.set(e.event, e.subject);
  }
  return all;
}

test(`nothing acknowledged is lost in ${KILLS} kills`, { timeout: 240000 }, async (t) => {
  const folder = temporary(t);
  const file = path.join(folder, 'ledger.jsonl');
  let store, key, acknowledged, total = 0;
  for (let i = 0; i < KILLS; i++) {
    if (i % PER_STORE === 0) {
      store = newStore(t, folder);
      key = path.join(folder, `${i}.key`);
      acknowledged = [];
    }
    const load = i % 3 === 2;
    const opening = i % PER_STORE === 0 && i % 20 === 0;
    const ms = Math.random() * (opening ? 40 : 120);
    const got = await killed(store, key, load ? 2 : 1 + (i % 4), load ? 300 : 1, ms, opening);
    acknowledged.push(...got);
    total += got.length;
    await open(store, key);
    const verdict = await run(['ledger', 'verify', '--store', store]);
    assert.equal(verdict.status, 0, `kill ${i}: ${verdict.stderr}`);
    fs.rmSync(file, { force: true });
    const exported = await run(['ledger', 'export', file, '--store', store]);
    assert.equal(exported.status, 0, `kill ${i}: ${exported.stderr}`);
    const there = subjects(file);
    for (const [position, subject] of acknowledged)
      assert.equal(there.get(Number(position)), subject, `kill ${i}: acknowledged at ${position}, and missing`);
    const offline = await run(['ledger', 'verify', file]);
    assert.equal(offline.status, 0, `kill ${i}: ${offline.stderr}`);
  }
  assert.ok(total > KILLS, `too little was written to say anything: ${total}`);
});
