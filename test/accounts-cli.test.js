'use strict';
// The list of accounts on the command line: from CSV and from what a spreadsheet program makes of it, tried first, written out
// and read back, with the links for a clerk to hand out.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { run, temporary } = require('./lib/hoalu.js');

async function done(args) {
  const r = await run(args);
  assert.equal(r.status, 0, `hoalu ${args.join(' ')}: ${r.stderr}`);
  return r.stdout;
}

const table = [
  'Tên đăng nhập,Họ và tên,Thư điện tử,Vai trò,Mã cơ quan,Từ ngày,Đến ngày,Đã khóa',
  'quan.tri,Lê Văn Ba,,Quản trị,,,,',
  'tonghop.skhcn,"Nguyễn Thị Ánh, Sở",anh@ninhbinh.gov.vn,cán bộ tổng hợp,SKHCN,01/07/2026,31/12/2026,',
  'tonghop.skhcn,,,thủ trưởng,Sở Khoa học và Công nghệ,,,',
  'xem.cu,Trần C,,viewer,SNV,,,x',
].join('\n');

async function fresh(t) {
  const folder = temporary(t), store = path.join(folder, 's.db'), file = path.join(folder, 'tai-khoan.csv');
  await done(['org', 'load', '--store', store]);
  fs.writeFileSync(file, table);
  const load = async (f, ...more) => JSON.parse(await done(['user', 'load', f, '--store', store, '--format', 'json', ...more]));
  const list = async () => JSON.parse(await done(['user', 'list', '--store', store, '--format', 'json']));
  return { folder, store, file, load, list };
}

test('a list is tried, loaded, written out in both forms and read back without a change', async (t) => {
  const { folder, store, file, load, list } = await fresh(t);
  const tried = await load(file, '--dry-run');
  assert.deepEqual([tried.dry_run, tried.added, tried.position], [true, 3, null]);
  assert.deepEqual(tried.changes.map((c) => [c.line, c.what, c.row.name]),
    [[2, 'add', 'quan.tri'], [3, 'add', 'tonghop.skhcn'], [4, 'grant', 'tonghop.skhcn'], [5, 'add', 'xem.cu']]);
  assert.deepEqual(await list(), []);
  assert.equal((await load(file)).added, 3);
  const all = await list();
  assert.deepEqual(all.map((a) => [a.name, a.disabled, a.roles.length]),
    [['quan.tri', false, 1], ['tonghop.skhcn', false, 2], ['xem.cu', true, 1]]);
  for (const form of ['csv', 'xlsx']) {
    const copy = path.join(folder, `copy.${form}`);
    // As bytes: a spreadsheet is none of the texts that a pipe of ours reads.
    execFileSync('sh', ['-c', '"$0" user list --store "$1" --format "$2" > "$3"', process.env.HOALU || path.join(__dirname, '../build/hoalu'), store, form, copy]);
    const again = await load(copy);
    assert.deepEqual([again.added, again.changed, again.unchanged, again.position], [0, 0, 3, null]);
  }
});

test('what an office keeps in its spreadsheet program is read', async (t) => {
  const { folder, file, load, list } = await fresh(t);
  execFileSync('soffice', [`-env:UserInstallation=${pathToFileURL(path.join(folder, 'office'))}`, '--headless',
    '--infilter=CSV:44,34,76,1,6/4/7/4', '--convert-to', 'xlsx:Calc MS Excel 2007 XML', '--outdir', folder, file], { stdio: 'ignore' });
  assert.equal((await load(path.join(folder, 'tai-khoan.xlsx'))).added, 3);
  const role = (await list())[1].roles.find((r) => r.role === 'reporter');
  assert.deepEqual([role.org, role.valid_from, role.valid_to], ['SKHCN', '2026-07-01', '2026-12-31']);
});

test('links are written for whoever has no password, in a file for its owner alone, and nowhere else', async (t) => {
  const { folder, store, file, load } = await fresh(t);
  const links = path.join(folder, 'duong-dan.csv');
  const r = await load(file, '--links', links, '--address', 'https://hoalu.ninhbinh.gov.vn/');
  assert.equal(fs.statSync(links).mode & 0o777, 0o600);
  const lines = fs.readFileSync(links, 'utf8').trim().split('\r\n');
  assert.equal(lines.length, 3, 'the heading, and one for each account that is open');
  const tokens = lines.slice(1).map((l) => /https:\/\/hoalu\.ninhbinh\.gov\.vn\/welcome\/([\w-]{43})/.exec(l)[1]);
  const ledger = await done(['call', 'ledger.list', '--store', store, '--format', 'json']);
  for (const token of tokens) assert.ok(!ledger.includes(token) && !JSON.stringify(r).includes(token));
  // Never over a file that is there, and then nothing is changed either.
  fs.appendFileSync(file, '\nmoi.a,Lê Mới,,viewer,,,,\n');
  const refused = await run(['user', 'load', file, '--store', store, '--links', links]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /duong-dan\.csv/);
  assert.equal((await load(file, '--dry-run')).added, 1);
  // A list that is refused leaves no file behind.
  const bad = path.join(folder, 'bad.csv'), none = path.join(folder, 'none.csv');
  fs.writeFileSync(bad, 'name,role,org\nxx,king,\n');
  assert.equal((await run(['user', 'load', bad, '--store', store, '--links', none])).status, 1);
  assert.ok(!fs.existsSync(none));
});

test('a wrong list is refused with every line, and changes nothing', async (t) => {
  const { folder, store, file, load } = await fresh(t);
  await load(file);
  const before = await done(['user', 'list', '--store', store]);
  const bad = path.join(folder, 'bad.csv');
  fs.writeFileSync(bad, 'name,full_name,role,org,Phòng\na1,Lê A,viewer,SNV,x\n');
  const heading = await run(['user', 'load', bad, '--store', store]);
  assert.equal(heading.status, 1);
  assert.match(heading.stderr, /bad\.csv: .*\n.*dòng 1: .*"Phòng"/);
  fs.writeFileSync(bad, 'name,full_name,role,org\na1,Lê A,viewer,SNV\na2,Lê B,king,SNV\na3,,viewer,KHONG-CO\n');
  for (const dry of [[], ['--dry-run']]) {
    const r = await run(['user', 'load', bad, '--store', store, ...dry]);
    assert.equal(r.status, 1);
    for (const place of [/dòng 3, cột role: .*king/, /dòng 4, cột org: .*KHONG-CO/, /dòng 4, cột full_name/]) assert.match(r.stderr, place);
  }
  assert.equal(await done(['user', 'list', '--store', store]), before);
  fs.writeFileSync(bad, Buffer.from('PK\x03\x04 and nothing that follows'));
  const damaged = await run(['user', 'load', bad, '--store', store]);
  assert.equal(damaged.status, 1);
});
