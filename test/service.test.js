'use strict';
// dist/hoalu.service: systemd takes it, it leaves little open, and every system call of a working day is one that it allows.

const { test } = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync, spawn, spawnSync } = require('node:child_process');
const { run, temporary, root, binary } = require('./lib/hoalu.js');

const unit = fs.readFileSync(path.join(root, 'dist/hoalu.service'), 'utf8');

test('systemd reads the unit, and finds it closed', (t) => {
  const folder = temporary(t), file = path.join(folder, 'hoalu.service');
  fs.writeFileSync(file, unit.replace('/usr/local/bin/hoalu', binary).replace(/^Documentation=.*\n/m, ''));
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  assert.equal(verified.status, 0, verified.stderr);
  assert.doesNotMatch(verified.stderr, /hoalu\.service/);
  const report = spawnSync('systemd-analyze', ['security', '--offline=true', file], { encoding: 'utf8' }).stdout;
  const exposure = Number(/Overall exposure level for [^:]*: ([\d.]+)/.exec(report)[1]);
  assert.ok(exposure < 2, `${exposure} of 10`);
  for (const must of ['NoNewPrivileges=yes', 'ProtectSystem=strict', 'CapabilityBoundingSet=\n', 'MemoryDenyWriteExecute=yes']) assert.ok(unit.includes(must), must);
});

// "@group", or a call; groups have groups.
function callsOf(word, seen = new Set()) {
  if (!word.startsWith('@')) return [word];
  if (seen.has(word)) return [];
  seen.add(word);
  const text = execFileSync('systemd-analyze', ['--no-pager', 'syscall-filter', word], { encoding: 'utf8' });
  return text.split('\n').slice(1).map((l) => l.trim()).filter((l) => l && !l.startsWith('#')).flatMap((l) => callsOf(l, seen));
}

// In order, as systemd adds them: the first list says what is meant.
function allowed() {
  const calls = new Set();
  for (const [, list] of unit.matchAll(/^SystemCallFilter=(.*)$/gm)) {
    const gone = list.startsWith('~');
    for (const call of list.replace('~', '').trim().split(/\s+/).flatMap((w) => callsOf(w))) gone ? calls.delete(call) : calls.add(call);
  }
  return calls;
}

test('every system call of a day is allowed by the unit', { timeout: 120000 }, async (t) => {
  const folder = temporary(t), store = path.join(folder, 'x.db'), trace = path.join(folder, 'trace');
  assert.equal((await run(['plan', 'load', 'data/plans/ninh-binh-06-nq-tu.md', '--store', store])).status, 0);
  const child = spawn('strace', ['-f', '-qq', '-o', trace, '-e', 'signal=none', binary, 'serve', '--store', store, '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOALU_KEY: path.join(folder, 'key'), HOALU_SECRET: path.join(folder, 'secret') } });
  t.after(() => child.kill('SIGKILL'));
  const said = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (d) => {
      text += d;
      if (/welcome\//.test(text)) resolve(text);
    });
    child.on('close', (status) => reject(new Error(`ended with ${status}: ${text}`)));
  });
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)[0], link = /\/welcome\/\S+/.exec(said)[0];
  const html = { Accept: 'text/html' }, form = (fields) => ({ method: 'POST', headers: html, redirect: 'manual', body: new URLSearchParams(fields) });
  const welcome = await fetch(url + link, form({ password: 'một câu dễ nhớ', again: 'một câu dễ nhớ' }));
  assert.equal(welcome.status, 303);
  assert.equal((await fetch(`${url}/signin`, form({ name: 'admin', password: 'sai rồi, không phải' }))).status, 403);
  const signed = await fetch(`${url}/signin`, form({ name: 'admin', password: 'một câu dễ nhớ' }));
  assert.equal(signed.status, 303);
  const Cookie = signed.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  for (const page of ['/plans', '/tasks', '/tasks.xlsx', '/search?q=du', '/me', '/openapi.json'])
    assert.ok((await fetch(url + page, { headers: { ...html, Cookie } })).status < 400, page);
  // A planner brings a document, which a process of its own reads.
  assert.equal((await run(['user', 'add', 'ke-hoach', '--role', 'planner', '--store', store])).status, 0);
  const token = (await run(['token', 'add', 'ke-hoach', '--scope', 'read,plan', '--store', store])).stdout.trim();
  const draft = new FormData();
  draft.set('file', new Blob([fs.readFileSync(path.join(root, 'data/plans/ninh-binh-06-nq-tu.md'))]), 'ke-hoach.md');
  const brought = await fetch(`${url}/api/draft.create`, { method: 'POST', headers: { Authorization: `Bearer ${token}` }, body: draft });
  assert.equal(brought.status, 200, await brought.text());
  const ended = new Promise((done) => child.on('close', done));
  const [server] = execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }).trim().split('\n');
  process.kill(Number(server), 'SIGTERM');
  await ended;
  const made = new Set([...fs.readFileSync(trace, 'utf8').matchAll(/^\d+ +(?:<\.\.\. )?(\w+)(?:\(| resumed)/gm)].map((m) => m[1]));
  assert.ok(made.has('fdatasync') || made.has('fsync'), 'nothing was traced');
  assert.ok(made.has('accept4') && made.has('execve') && made.has('seccomp'));
  const calls = allowed();
  // SQLite gives a file to the owner of the store when it runs as root, which the service does not.
  if (process.getuid() === 0) calls.add('fchown');
  assert.deepEqual([...made].filter((call) => !calls.has(call)), []);
});
