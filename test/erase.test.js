'use strict';
// A person is erased: no trace of the name is left in the store's file, in exports, in what the server answers now and as of
// before; the ledger still proves itself and says what was erased. Runs on PostgreSQL as well (HOALU_TEST_POSTGRES), where the
// files are the engine's own.

const { test, before, after } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { run } = require('./lib/hoalu.js');
const { newStore, server } = require('./lib/store.js');
const { serve } = require('./lib/serve.js');

const name = 'Vương Quỳnh Như Thảo', email = 'qnthao.8841@example.vn';
const ends = [], t = { after: (end) => ends.push(end) };
let folder, store, env;
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hoalu-erase-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  store = newStore(t, folder);
  env = { HOALU_KEY: path.join(folder, 'key') };
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

const call = (...words) => run([...words, '--store', store], { env });
async function done(...words) {
  const made = await call(...words);
  assert.equal(made.status, 0, made.stderr);
  return made.stdout;
}
const traces = (bytes) => [name, email, name.normalize('NFD')].filter((word) => bytes.includes(Buffer.from(word)));
// Everything in the folder but what an export from before the erasure holds.
const held = () => fs.readdirSync(folder).filter((f) => /\.db/.test(f) && traces(fs.readFileSync(path.join(folder, f))).length);

test('a person is erased, and no trace is left', async () => {
  await done('org', 'load');
  await done('user', 'add', 'van-thu', '--role', 'office', '--full-name', name, '--email', email);
  for (let i = 0; i < 30; i++) // versions of the row, and pages of the store that have been written over
    await done('user', i % 2 ? 'enable' : 'disable', 'van-thu');
  await done('user', 'add', 'ke-toan', '--role', 'viewer', '--full-name', 'Một Người Khác');
  await done('ledger', 'seal');
  const early = path.join(folder, 'before.jsonl'), late = path.join(folder, 'after.jsonl');
  await done('ledger', 'export', early);
  assert.deepEqual(traces(fs.readFileSync(early)), [name, email]);
  if (!server) assert.notDeepEqual(held(), [], 'the search finds what is there');

  const none = await call('user', 'erase', 'van-thu');
  assert.equal(none.status, 2, 'a reason is needed');
  const repeats = await call('user', 'erase', 'van-thu', '--reason', `Xóa ${name}`);
  assert.equal(repeats.status, 1);
  const said = await done('user', 'erase', 'van-thu', '--reason', 'Theo đơn ngày 20/11/2026');
  assert.match(said, /van-thu/);

  if (!server) assert.deepEqual(held(), [], 'no file of the store holds the name');
  await done('ledger', 'export', late);
  assert.deepEqual(traces(fs.readFileSync(late)), []);
  for (const file of [early, late]) assert.equal((await run(['ledger', 'verify', file])).status, 0, file);
  const verdict = JSON.parse(await done('ledger', 'verify', '--format', 'json'));
  assert.equal(verdict.whole, true);
  assert.match(await done('user', 'list'), /van-thu/);
  assert.deepEqual(traces(Buffer.from(await done('user', 'list'))), []);
});

test('what the server answers holds no trace, and says that something was erased and why', async () => {
  const { url, stop } = await serve(t, store, [], env);
  const get = async (address, accept) => (await fetch(new URL(address, url), { headers: { accept } })).text();
  const { items } = JSON.parse(await get('/ledger.json?limit=1000&order=oldest&subject=users/van-thu', '*/*'));
  const added = items.find((e) => e.kind === 'user.add');
  assert.equal(added.payload, null);
  assert.equal(items.at(-1).kind, 'user.erase');
  const pages = ['/ledger?subject=users/van-thu', `/ledger/${added.position}`, '/ledger'];
  for (const address of [...pages, '/ledger.json?limit=1000', '/ledger.csv?limit=1000', `/ledger/${added.position}/changes.json`])
    assert.deepEqual(traces(Buffer.from(await get(address, pages.includes(address) ? 'text/html' : '*/*'))), [], address);
  const page = await get(`/ledger/${added.position}`, 'text/html');
  assert.match(page, /Nội dung đã bị xóa bởi sự kiện \d+/);
  assert.match(page, /Lý do: Theo đơn ngày 20\/11\/2026/);
  assert.equal(await stop(), 0);
});
