'use strict';
// The ledger and the store's own commands, from outside: what an inspector and the engineer of the data centre do.
// Runs on PostgreSQL as well (HOALU_TEST_POSTGRES).

const { test } = require('node:test');
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { run, json, temporary, root } = require('./lib/hoalu.js');
const { newFile, newStore, behind } = require('./lib/store.js');

// A store with something in it, sealed; its key is in the folder.
async function sealed(t) {
  const folder = temporary(t);
  const store = newStore(t, folder);
  const env = { HOALU_STORE: store, HOALU_KEY: path.join(folder, 'key') };
  const ok = async (...args) => {
    const r = await run(args, { env });
    assert.equal(r.status, 0, `hoalu ${args.join(' ')}: ${r.stderr}`);
    return r.stdout;
  };
  const refused = async (...args) => {
    const r = await run(args, { env });
    assert.equal(r.status, 1, `hoalu ${args.join(' ')} gave ${r.status}: ${r.stdout}${r.stderr}`);
    assert.match(r.stderr, /^hoalu: /);
    return r;
  };
  const value = (...args) => json([...args, '--format', 'json'], { env });
  await ok('org', 'load');
  const seal = await value('ledger', 'seal');
  const orgs = path.join(folder, 'orgs.csv');
  fs.writeFileSync(orgs, 'code,name,kind\nMOI,Sở Thử nghiệm,department\n');
  return { folder, store, env, ok, refused, value, seal, orgs };
}

test('what was done is in the ledger, and the ledger is whole', async (t) => {
  const { value, seal } = await sealed(t);
  const list = await value('call', 'ledger.list', '--order', 'oldest');
  assert.ok(list.items.length >= 2);
  list.items.forEach((e, i) => assert.equal(e.position, i + 1));
  assert.equal(list.items[0].actor, 'cli');
  assert.match(list.items[0].kind, /^org\./);
  assert.equal(list.next, null);
  const first = await value('call', 'ledger.list', '--order', 'oldest', '--limit', '1');
  assert.equal(first.items.length, 1);
  assert.equal(first.next, '1');
  const rest = await value('call', 'ledger.list', '--order', 'oldest', '--after', first.next);
  assert.deepEqual(rest.items, list.items.slice(1));
  const newest = await value('call', 'ledger.list');
  assert.deepEqual(newest.items, list.items.toReversed(), 'the newest first, unless asked otherwise');
  const verdict = await value('ledger', 'verify');
  assert.equal(verdict.whole, true);
  assert.equal(verdict.head, list.items.length);
  assert.equal(verdict.sealed, seal.position);
  assert.deepEqual(await value('call', 'ledger.verify'), verdict);
  assert.match(seal.root, /^[0-9]+:[0-9a-f]{64}$/);
  assert.deepEqual(await value('ledger', 'seal'), seal, 'nothing new, nothing sealed');
});

test('an exported ledger is verified offline, and each change in it is found on its line', async (t) => {
  const { folder, ok, refused, seal, value } = await sealed(t);
  const file = path.join(folder, 'ledger.jsonl');
  await ok('ledger', 'export', file);
  assert.equal(fs.statSync(file).mode & 0o077, 0, 'personal data is for the owner alone');
  const offline = await value('ledger', 'verify', file, '--root', seal.root, '--store', '/nowhere');
  assert.equal(offline.whole, true);
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const forged = path.join(folder, 'forged.jsonl');
  for (let i = 0; i < lines.length - 1; i++) {
    const without = [...lines.slice(0, i), ...lines.slice(i + 1)];
    fs.writeFileSync(forged, without.join('\n'));
    const r = await refused('ledger', 'verify', forged);
    assert.ok(r.stderr.includes(`${forged}: dòng ${Math.min(i + 1, without.length)}: `), `line ${i + 1} away: ${r.stderr}`);
    assert.match(r.stdout, /whole: false/);
  }
  fs.writeFileSync(forged, lines.join('\n').replace('"actor":"cli"', '"actor":"CLI"'));
  assert.match((await refused('ledger', 'verify', forged)).stderr, /dòng 2: .*vị trí 1/);
  await refused('ledger', 'verify', file, '--root', seal.root.replace(/.$/, (d) => (d === '0' ? '1' : '0')));
  assert.equal((await run(['ledger', 'verify', file, '--root', 'today'])).status, 2);
});

test('a change behind the back of the program is found, by verify and by the doctor', async (t) => {
  const { store, ok, refused } = await sealed(t);
  assert.doesNotMatch(await ok('doctor'), /problem/);
  behind(store, "UPDATE event SET actor = 'ai đó' WHERE position = 1");
  assert.match((await refused('ledger', 'verify')).stderr, /vị trí 1/);
  const r = await refused('doctor');
  assert.match(r.stdout, /ledger +problem .*1/);
  assert.match(r.stderr, /1 điều/);
});

test('a deadline moved behind the back of the program is found, though the ledger is whole', async (t) => {
  const { store, ok, refused, value } = await sealed(t);
  await ok('plan', 'load', path.join(root, 'data/plans/ninh-binh-06-nq-tu.md'));
  assert.match(await ok('doctor'), /plans +ok/);
  behind(store, "UPDATE task SET due_day = '2026-12-30' WHERE key = 'III.3.3'");
  assert.equal((await value('ledger', 'verify')).whole, true);
  assert.match((await refused('doctor')).stdout, /plans +problem .*06-nq-tu/);
  behind(store, "UPDATE task SET due_day = '2026-11-30' WHERE key = 'III.3.3'");
  assert.match(await ok('doctor'), /plans +ok/);
});

test('the doctor names what is wrong and how to mend it', async (t) => {
  const { store, env, ok, refused, value } = await sealed(t);
  fs.chmodSync(env.HOALU_KEY, 0o644);
  const shown = await refused('doctor');
  assert.match(shown.stdout, /key +problem/);
  assert.match(shown.stdout, /chmod 600/);
  assert.match((await refused('ledger', 'seal')).stderr, /644/);
  fs.chmodSync(env.HOALU_KEY, 0o600);
  const bytes = /^postgres/.test(store) ? (hex) => `'\\x${hex}'` : (hex) => `x'${hex}'`;
  const hash = 'ab'.repeat(32);
  behind(store, `INSERT INTO file_part (hash, part, at_us, content) VALUES (${bytes(hash)}, 0, 1, ${bytes('00')})`);
  assert.match((await refused('doctor')).stdout, /parts +problem .*1 .*\n.*--mend/);
  await ok('doctor', '--mend');
  behind(store, `INSERT INTO file (hash, size, media_type, at_us) VALUES (${bytes(hash)}, 1, 'text/plain', 1)`);
  assert.match((await refused('doctor')).stdout, /files +problem .*abababab/);
  behind(store, 'DELETE FROM file');
  const list = await value('doctor');
  assert.equal(list.problems, 0);
  for (const name of ['schema', 'integrity', 'references', 'ledger', 'head', 'seal', 'files', 'parts', 'key'])
    assert.equal(list.checks.filter((c) => c.name === name && c.state === 'ok').length, 1, name);
});

test('a store of another version is refused in plain words, and an older one may be backed up', async (t) => {
  const { folder, store, ok, refused } = await sealed(t);
  const bytes = /^postgres/.test(store) ? "'\\x00'" : "x'00'";
  const commands = [['status'], ['org', 'list'], ['ledger', 'verify'], ['call', 'plan.list'], ['ledger', 'seal'], ['org', 'load']];
  behind(store, `INSERT INTO migration (number, name, hash, at_us) VALUES (999, 'later', ${bytes}, 1)`);
  for (const command of commands) assert.match((await refused(...command)).stderr, /mới hơn.*999/, command.join(' '));
  assert.match((await refused('doctor')).stdout, /schema +problem .*mới hơn/);
  behind(store, 'DELETE FROM migration WHERE number = 999');
  await ok('status');
  behind(store, 'DELETE FROM migration WHERE number = (SELECT max(number) FROM migration)');
  for (const command of commands.slice(0, 4)) {
    const { stderr } = await refused(...command);
    assert.match(stderr, /hoalu doctor --mend/, command.join(' '));
    assert.doesNotMatch(stderr, /chương trình khi/);
  }
  if (!/^postgres/.test(store)) await ok('backup', path.join(folder, 'older.db'));
});

test('whoever writes waits for another writer, and gives up in plain words', async (t) => {
  const { store, refused, ok, value, orgs } = await sealed(t);
  if (/^postgres/.test(store)) return; // a node that waits for the head's row: src/store/test_torture.c
  const holder = spawn('sqlite3', [store], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => holder.kill());
  const held = (word) => new Promise((done) => holder.stdout.once('data', (d) => done(assert.equal(String(d), `${word}\n`))));
  holder.stdin.write("BEGIN IMMEDIATE; SELECT 'held';\n");
  await held('held');
  assert.equal((await value('ledger', 'verify')).whole, true, 'reading does not wait');
  const start = Date.now();
  const { stderr } = await refused('org', 'load', orgs);
  assert.match(stderr, /bận.*xin thử lại/);
  assert.ok(Date.now() - start >= 5000 && Date.now() - start < 20000, `gave up after ${Date.now() - start} ms`);
  const waiting = ok('org', 'load', orgs);
  setTimeout(() => holder.stdin.end('COMMIT;\n'), 1000);
  await waiting;
});

test('an operation that writes answers with its position', async (t) => {
  const { value, ok, orgs } = await sealed(t);
  const before = (await value('ledger', 'verify')).head;
  const same = await value('call', 'ledger.seal');
  assert.equal(same.position, before);
  assert.match(same.result.root, /^[0-9]+:/);
  await ok('org', 'load', orgs);
  const after = await value('call', 'ledger.seal');
  assert.ok(after.position > same.position);
  assert.equal(after.position, (await value('ledger', 'verify')).head);
  assert.match(await ok('call', 'ledger.seal'), new RegExp(`^position: ${after.position}$`, 'm'));
});

test('a backup holds everything, and comes back only into an empty store', async (t) => {
  const { folder, env, ok, refused, value } = await sealed(t);
  const before = await value('ledger', 'verify');
  const orgs = await value('org', 'list');
  const file = path.join(folder, 'backup.db');
  await ok('backup', file);
  await refused('backup', file);
  const other = newStore(t, folder);
  await ok('restore', file, '--store', other);
  assert.deepEqual(await value('ledger', 'verify', '--store', other), before);
  assert.deepEqual(await value('org', 'list', '--store', other), orgs);
  await refused('restore', file, '--store', other);
  await refused('restore', env.HOALU_KEY, '--store', newStore(t, folder));
  await refused('restore', path.join(folder, 'none.db'), '--store', newStore(t, folder));
});

test('a store is copied to the other engine and back', async (t) => {
  const { folder, store, ok, refused, value } = await sealed(t);
  const before = await value('ledger', 'verify');
  const file = newFile(folder);
  await ok('store', 'copy', store, file);
  const back = newStore(t, folder);
  await ok('store', 'copy', file, back);
  assert.deepEqual(await value('ledger', 'verify', '--store', back), before);
  await refused('store', 'copy', store, back);
  await refused('store', 'copy', path.join(folder, 'none.db'), newFile(folder));
});
