'use strict';
// Refusals on the command line: what a clerk or an engineer sees after a slip. Each names the thing, says what is wrong in
// Vietnamese, never calls it a mistake of the program, and changes nothing.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { run, temporary, root } = require('./lib/hoalu.js');

const plan = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');

async function refused(folder, args, status, ...said) {
  const r = await run(args, { cwd: folder, env: { HOALU_STORE: '', HOALU_KEY: '' } });
  const about = `hoalu ${args.join(' ')}: ${r.status} ${r.stderr}`;
  assert.equal(r.status, status, about);
  for (const words of said) assert.ok(r.stderr.includes(words), `${about}\nlacks: ${words}`);
  assert.doesNotMatch(r.stderr, /mistake in the program|no such table|No such file|Is a directory|disk I\/O/, about);
  return r;
}

test('a file that is not a store is not taken for one', async (t) => {
  const folder = temporary(t);
  fs.writeFileSync(path.join(folder, 'letter.txt'), 'Kính gửi: Văn phòng Tỉnh ủy. '.repeat(40));
  fs.writeFileSync(path.join(folder, 'empty.db'), '');
  execFileSync('sqlite3', [path.join(folder, 'other.db'), 'CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)']);
  fs.mkdirSync(path.join(folder, 'folder.db'));
  const before = fs.readFileSync(path.join(folder, 'other.db'));
  for (const command of [['status'], ['org', 'list'], ['doctor'], ['ledger', 'verify'], ['ledger', 'seal'], ['call', 'plan.list']]) {
    const on = (store, ...said) => refused(folder, [...command, '--store', store], 1, store, ...said);
    await on('nothing.db', 'chưa có kho dữ liệu này', 'hoalu plan load');
    await on('empty.db', command[0] === 'doctor' ? 'kho dữ liệu còn trống' : 'chưa có kho dữ liệu này');
    await on('letter.txt', 'không phải kho dữ liệu');
    await on('other.db', 'chương trình khác');
    await on('folder.db', 'thư mục');
  }
  for (const command of [['plan', 'load', plan], ['org', 'load'], ['org', 'load', '--dry-run']])
    await refused(folder, [...command, '--store', 'other.db'], 1, 'other.db', 'chương trình khác');
  await refused(folder, ['plan', 'load', plan, '--store', 'no/such/folder/x.db'], 1, 'no/such/folder/x.db', 'đường dẫn');
  await refused(folder, ['restore', 'other.db', '--store', 'new.db'], 1, 'chương trình khác');
  await refused(folder, ['restore', 'letter.txt', '--store', 'new.db'], 1, 'letter.txt');
  await refused(folder, ['restore', 'empty.db', '--store', 'new.db'], 1, 'trống');
  assert.deepEqual(fs.readFileSync(path.join(folder, 'other.db')), before);
  assert.deepEqual(fs.readdirSync(folder).sort(), ['empty.db', 'folder.db', 'letter.txt', 'other.db']);
});

test('a file that cannot be read is told in the language of the reader', async (t) => {
  const folder = temporary(t);
  fs.mkdirSync(path.join(folder, 'sub.docx'));
  for (const command of ['read', 'lint', 'load']) {
    await refused(folder, ['plan', command, 'văn thư/không có.docx'], 1, 'văn thư/không có.docx', 'không có tệp');
    await refused(folder, ['plan', command, './sub.docx'], 1, './sub.docx', 'thư mục');
  }
  await refused(folder, ['org', 'load', 'none.csv'], 1, 'none.csv', 'không có tệp');
  await refused(folder, ['ledger', 'verify', 'none.jsonl'], 1, 'none.jsonl', 'không có tệp');
  await refused(folder, ['ledger', 'verify', 'sub.docx'], 1, 'sub.docx', 'thư mục');
});

test('wrong use says what is missing or unknown', async (t) => {
  const folder = temporary(t);
  await refused(folder, ['plan', 'read'], 2, 'FILE');
  await refused(folder, ['store', 'copy', 'a.db'], 2, 'FROM TO');
  await refused(folder, ['plan', 'reed', 'x.md'], 2, 'plan reed', 'hoalu plan read FILE');
  await refused(folder, ['plan'], 2, 'hoalu plan read FILE');
  await refused(folder, ['ledger', 'verify', 'x', '--root', '2:abc'], 2, '2:abc', 'VỊ-TRÍ:HEX');
});

test('an export never takes the place of a file that is there, least of all the store', async (t) => {
  const folder = temporary(t);
  const ok = async (...args) => {
    const r = await run([...args, '--store', 'a.db'], { cwd: folder, env: { HOALU_KEY: path.join(folder, 'key') } });
    assert.equal(r.status, 0, r.stderr);
    return r.stdout;
  };
  assert.match(await ok('org', 'load'), /Đã nạp danh mục ở vị trí 1/);
  assert.match(await ok('org', 'load'), /không thay đổi/);
  for (const file of ['a.db', './a.db', path.join(folder, 'a.db')])
    await refused(folder, ['ledger', 'export', file, '--store', 'a.db'], 1, file, 'không ghi đè');
  await ok('ledger', 'export', 'a.jsonl');
  const first = fs.readFileSync(path.join(folder, 'a.jsonl'));
  await ok('ledger', 'seal');
  await refused(folder, ['ledger', 'export', 'a.jsonl', '--store', 'a.db'], 1, 'a.jsonl', 'không ghi đè');
  assert.deepEqual(fs.readFileSync(path.join(folder, 'a.jsonl')), first);
  assert.match(await ok('doctor'), /0 sự kiện chưa niêm phong/);
  assert.match(await ok('backup', 'b.db'), /b\.db.*key/s, 'and it reminds of the key');
});
