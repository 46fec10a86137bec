'use strict';
// /events: the ledger as it grows, to listeners who come and go. Another process (test/crash_writer.c) writes as fast as it
// can meanwhile. On both engines (HOALU_TEST_POSTGRES).

const assert = require('node:assert');
const { spawn } = require('node:child_process');
const http = require('node:http');
const path = require('node:path');
const { test } = require('node:test');
const { binary, run, temporary } = require('./lib/hoalu.js');
const { serve } = require('./lib/serve.js');
const { newStore } = require('./lib/store.js');

const writer = path.join(path.dirname(binary), 'test/crash-writer');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function write(t, store, key, ...args) {
  const child = spawn(writer, [store, key, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  t.after(() => child.kill('SIGKILL'));
  // When the first command has been acknowledged.
  const ready = new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (d) => /\n\d+ /.test((said += d)) && resolve());
    ended.then(() => reject(new Error('the writer ended')));
  });
  ready.catch(() => {});
  return { child, ready, ended };
}

async function open(t) {
  const folder = temporary(t);
  const store = newStore(t, folder);
  const key = path.join(folder, 'key');
  await write(t, store, key, 0, 0).ended;
  const server = await serve(t, store, [], { HOALU_KEY: key });
  return { ...server, store, key };
}

// Blocks of a stream as they come: {id, event, data}, without comments. onBlock may give false: then it hangs up.
function listen(url, headers, onBlock) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (d) => {
        text += d;
        for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
          const block = {};
          for (const line of text.slice(0, end).split('\n')) {
            const colon = line.indexOf(':');
            if (colon > 0) block[line.slice(0, colon)] = line.slice(colon + 2);
          }
          if (Object.keys(block).length && onBlock(block, response) === false) {
            request.destroy();
            resolve(response);
            return;
          }
        }
      });
      response.on('end', () => resolve(response));
      response.on('error', () => resolve(response));
    });
    request.on('error', (e) => (e.code === 'ECONNRESET' ? resolve(null) : reject(e)));
  });
}

async function ledger(url) {
  const all = [];
  for (let after = 0; after !== null; ) {
    const page = await (await fetch(`${url}/ledger.json?order=oldest&limit=1000&after=${after}`)).json();
    all.push(...page.items);
    after = page.next;
  }
  return all;
}

test('a stream says where it stands', async (t) => {
  const { url } = await open(t);
  const blocks = [];
  const response = await listen(`${url}/events`, {}, (block) => blocks.push(block) < 1);
  assert.strictEqual(response.statusCode, 200);
  assert.strictEqual(response.headers['content-type'], 'text/event-stream');
  assert.strictEqual(response.headers['cache-control'], 'no-store');
  assert.deepStrictEqual(blocks, [{ retry: '2000', id: '0' }]);
});

test('what this process and others write comes at once, and within a second', async (t) => {
  const { url, store, key } = await open(t);
  const other = write(t, store, key, 1, 1);
  await other.ready;
  other.child.kill('SIGKILL');
  await other.ended;
  await sleep(1500); // the feed has seen all of that
  const { position } = (await ledger(url)).pop();
  const came = [];
  const heard = listen(`${url}/events`, {}, (block) => {
    came.push({ ...block, at: Date.now() });
    return came.length < 4;
  });
  while (came.length < 1) await sleep(5);
  assert.strictEqual(came[0].id, String(position));
  const asked = Date.now();
  await fetch(`${url}/api/ledger.seal`, { method: 'POST', headers: { 'Content-Type': 'application/json' } });
  while (came.length < 2) await sleep(5);
  assert.ok(came[1].at - asked < 900, `${came[1].at - asked} ms until what this process wrote was told`);
  const before = came.length;
  const third = write(t, store, key, 1, 3);
  await third.ready;
  const written = Date.now();
  await heard;
  third.child.kill('SIGKILL');
  await third.ended;
  const late = came[before].at - written;
  assert.ok(late < 2500, `${late} ms until what another process wrote was told`);
  for (const { id, event, data } of came.slice(1)) {
    const told = JSON.parse(data);
    assert.deepStrictEqual(Object.keys(told), ['position', 'time', 'name', 'item']);
    assert.strictEqual(told.position, Number(id));
    assert.strictEqual(told.name, event);
    assert.match(told.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  }
});

test('nothing is lost, doubled or out of order for listeners who are cut off again and again', async (t) => {
  const { url, store, key } = await open(t);
  const other = write(t, store, key, 2, 3);
  await other.ready;
  const until = 900;
  const listeners = [37, 101, 400, 100000].map(async (each, i) => {
    const had = [];
    let last;
    for (let cut = 0; had.length < until; cut++) {
      assert.ok(cut < 500);
      let n = 0;
      // The first way in by the address, then as a browser does.
      const headers = last === undefined ? {} : { 'Last-Event-ID': last };
      await listen(`${url}/events?after=0${i % 2 ? '&as=message' : ''}`, headers, (block) => {
        last = block.id;
        if (!block.data) return true;
        had.push(JSON.parse(block.data));
        assert.strictEqual(block.event, i % 2 ? undefined : had[had.length - 1].name);
        return ++n < each && had.length < until;
      });
    }
    return had;
  });
  const all = await Promise.all(listeners);
  other.child.kill('SIGKILL');
  await other.ended;
  const truth = (await ledger(url)).slice(0, until);
  for (const had of all) {
    assert.deepStrictEqual(had.slice(0, until).map((e) => e.position), truth.map((e) => e.position));
    assert.deepStrictEqual(had.slice(0, until).map((e) => `${e.name} ${e.item}`), truth.map((e) => `${e.kind} ${e.subject}`));
  }
});

test('a stop ends the streams', async (t) => {
  const { url, stop } = await open(t);
  let open_ = 0;
  const streams = Array.from({ length: 20 }, () => listen(`${url}/events`, {}, () => ++open_));
  while (open_ < 20) await sleep(10);
  const clock = Date.now();
  assert.strictEqual(await stop(), 0);
  assert.ok(Date.now() - clock < 3000, `${Date.now() - clock} ms`);
  for (const response of await Promise.all(streams)) assert.strictEqual(response.complete, true);
});

test('so many listeners and no more, and the others are served', async (t) => {
  const folder = temporary(t);
  const store = newStore(t, folder);
  await write(t, store, path.join(folder, 'key'), 0, 0).ended;
  const { url } = await serve(t, store, ['--listeners', '5']);
  let heard = 0;
  const requests = [];
  for (let i = 0; i < 5; i++) listen(`${url}/events`, {}, (block, response) => requests.push(response) && ++heard);
  while (heard < 5) await sleep(10);
  const refused = await fetch(`${url}/events`);
  assert.strictEqual(refused.status, 503);
  assert.ok(refused.headers.get('retry-after'));
  assert.strictEqual((await refused.json()).status, 503);
  assert.strictEqual((await fetch(`${url}/healthz`)).status, 200);
  requests[0].destroy();
  for (let i = 0; (await fetch(`${url}/events`, { method: 'HEAD' })).status !== 200; i++) {
    assert.ok(i < 100);
    await sleep(20);
  }
});

test('the listeners of one address leave it connections to read with', async (t) => {
  const folder = temporary(t);
  const store = newStore(t, folder);
  await write(t, store, path.join(folder, 'key'), 0, 0).ended;
  const { url } = await serve(t, store, ['--connections-of-peer', '10']);
  let heard = 0;
  for (let i = 0; i < 5; i++) listen(`${url}/events`, {}, () => ++heard);
  while (heard < 5) await sleep(10);
  assert.strictEqual((await fetch(`${url}/events`)).status, 503);
  for (let i = 0; i < 5; i++) assert.strictEqual((await fetch(`${url}/plans.json`)).status, 200);
});

test('a server that may open too few files says how many connections it takes', async (t) => {
  const folder = temporary(t);
  const store = newStore(t, folder);
  await write(t, store, path.join(folder, 'key'), 0, 0).ended;
  const child = spawn('prlimit', ['--nofile=2000:2000', binary, 'serve', '--store', store, '--listen', '127.0.0.1:0', '--no-seal', '--open'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  for await (const d of child.stdout) {
    said += d;
    if (/\n.*\n/.test(said)) break;
  }
  const [, took] = /Chỉ nhận được (\d+) kết nối cùng lúc thay vì 12000/.exec(said) || [];
  assert.ok(took > 1000 && took < 2000, said);
});

test('a position that is none is refused', async (t) => {
  const { url } = await open(t);
  for (const [target, headers] of [['?after=x', {}], ['?after=-1', {}], ['?after=1.5', {}], ['?since=1', {}], ['', { 'Last-Event-ID': 'x' }]]) {
    const r = await fetch(`${url}/events${target}`, { headers });
    assert.strictEqual(r.status, 400, target);
    assert.strictEqual(r.headers.get('content-type'), 'application/problem+json');
    assert.ok((await r.json()).field);
  }
  assert.strictEqual((await fetch(`${url}/events`, { method: 'POST' })).status, 404);
  assert.strictEqual((await run(['serve', '--listeners', 'x', '--store', 'none'])).status, 2);
});
