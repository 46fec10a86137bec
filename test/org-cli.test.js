'use strict';
// The command line of `org`: load, list, refusals with their lines, and the bodies through operations.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { run, temporary, root } = require('./lib/hoalu.js');

const orgs = fs.readdirSync(path.join(root, 'data/orgs')).filter((f) => f.endsWith('.csv')).map((f) => path.join(root, 'data/orgs', f));

async function done(args) {
  const r = await run(args);
  assert.equal(r.status, 0, `hoalu ${args.join(' ')}: ${r.stderr}`);
  return r.stdout;
}

test('the shipped catalogue is loaded once, from the program or from its files', async (t) => {
  const store = path.join(temporary(t), 's.db');
  const first = JSON.parse(await done(['org', 'load', '--store', store, '--format', 'json']));
  assert.equal(first.position, 1);
  const again = JSON.parse(await done(['org', 'load', ...orgs, '--store', store, '--format', 'json']));
  assert.deepEqual([again.added, again.changed, again.position], [0, 0, null]);
  const all = JSON.parse(await done(['org', 'list', '--store', store, '--format', 'json']));
  assert.equal(all.filter((o) => o.kind === 'commune_party').length, 129);
  assert.equal(all.filter((o) => o.kind === 'commune_committee').length, 129);
  const { members } = JSON.parse(await done(['call', 'org.get', '--code', 'N-CAP-UY-TRUC-THUOC', '--day', '2026-07-01', '--store', store, '--format', 'json']));
  assert.equal(members.length, 133);
});

test('what list writes as CSV can be loaded again', async (t) => {
  const folder = temporary(t), store = path.join(folder, 's.db'), copy = path.join(folder, 'copy.csv');
  await done(['org', 'load', '--store', store]);
  fs.writeFileSync(copy, await done(['org', 'list', '--store', store, '--format', 'csv']));
  const r = JSON.parse(await done(['org', 'load', copy, '--store', store, '--format', 'json']));
  assert.deepEqual([r.added, r.changed], [0, 0]);
});

test('areas are paged to the end', async (t) => {
  const store = path.join(temporary(t), 's.db');
  await done(['org', 'load', '--store', store]);
  const codes = [];
  for (let after = []; after;) {
    const page = JSON.parse(await done(['call', 'area.list', '--day', '2026-07-01', '--limit', '50', ...after, '--store', store, '--format', 'json']));
    codes.push(...page.items.map((a) => a.code));
    after = page.next && ['--after', page.next];
  }
  assert.equal(codes.length, 130);
  assert.equal(new Set(codes).size, 130);
});

test('a wrong file is refused with every line, and changes nothing', async (t) => {
  const folder = temporary(t), store = path.join(folder, 's.db'), bad = path.join(folder, 'bad.csv');
  await done(['org', 'load', '--store', store]);
  const before = await done(['org', 'list', '--store', store]);
  fs.writeFileSync(bad, 'code,name,kind,state\nMOI,Sở Ngoại vụ,department,UBNN\nMOI2,Sở Mới,departmant,\nMOI2,Sở Khác,department,\n');
  for (const dry of [[], ['--dry-run']]) {
    const r = await run(['org', 'load', bad, '--store', store, ...dry]);
    assert.equal(r.status, 1);
    assert.equal(r.stdout, '');
    for (const line of [2, 3, 4]) assert.match(r.stderr, new RegExp(`bad\\.csv: dòng ${line}: `));
  }
  assert.equal(await done(['org', 'list', '--store', store]), before);
  const missing = await run(['org', 'load', path.join(folder, 'none.csv'), '--store', store]);
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /none\.csv/);
});

test('a dry run needs no store and makes none', async (t) => {
  const store = path.join(temporary(t), 's.db');
  await done(['org', 'load', '--dry-run', '--store', store]);
  assert.ok(!fs.existsSync(store));
});
