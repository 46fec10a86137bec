'use strict';
// Figures on their way in, at the command line and over HTTP: files, the form that is filled in, and DHIS2's sets.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { run, temporary } = require('./lib/hoalu.js');
const { serve } = require('./lib/serve.js');

async function start(t) {
  const folder = temporary(t), store = path.join(folder, 's.db');
  const done = async (...words) => {
    const r = await run([...words, '--store', store]);
    assert.equal(r.status, 0, r.stderr);
    return r.stdout;
  };
  await done('org', 'load');
  await done('indicator', 'load');
  const file = (name, text) => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  return { folder, store, done, file };
}

test('a file is tried, refused with every place that is wrong, and loaded', async (t) => {
  const { store, done, file } = await start(t);
  const bad = file('sai.csv', 'Mã chỉ tiêu;Địa bàn;Kỳ;Giá trị\nKT-GRDP;37;Quý IV/2025;abc\nKT-GRDP;37;2025;5\nKHONG;37;2025;5\n');
  const tried = await run(['value', 'load', bad, '--dry-run', '--format', 'json', '--store', store]);
  assert.equal(tried.status, 1);
  const said = JSON.parse(tried.stdout);
  assert.deepEqual(said.problems.map((p) => [p.rule, p.cell]), [['not_a_number', 'D2'], ['unknown_indicator', 'A4'], ['frequency', 'D3']]);
  const refused = await run(['value', 'load', bad, '--store', store]);
  assert.equal(refused.status, 1);
  for (const cell of ['D2', 'A4', 'D3']) assert.ok(refused.stderr.includes(cell), refused.stderr);

  const good = file('quy-4.csv', 'Mã chỉ tiêu;Địa bàn;Kỳ;Giá trị\nKT-GRDP;37;Quý IV/2025;"85.100,5"\n');
  assert.match(await done('value', 'load', good, '--dry-run'), /thêm 1, sửa 0, giữ nguyên 0/);
  assert.match(await done('value', 'load', good, '--official'), /thêm 1, sửa 0/);
  assert.match(await done('value', 'load', good, '--official'), /không thay đổi/);
  const mended = file('sua.csv', 'Mã chỉ tiêu;Địa bàn;Kỳ;Giá trị\nKT-GRDP;37;2025-Q4;"85.200,5"\n');
  assert.equal((await run(['value', 'load', mended, '--official', '--store', store])).status, 1);
  assert.match(await done('value', 'load', mended, '--official', '--reason', 'đính chính'), /sửa 1/);
});

test('the form goes out as XLSX and is taken back as it is', async (t) => {
  const { folder, store, done, file } = await start(t);
  await done('value', 'load', file('a.csv', 'indicator,place,period,value\nKT-GRDP,37,2025-Q4,85100.5\n'));
  const form = path.join(folder, 'bieu.xlsx');
  await done('value', 'template', '37', '2025-Q4', '-o', form);
  const r = JSON.parse(await done('value', 'load', form, '--dry-run', '--format', 'json'));
  assert.deepEqual([r.errors, r.cells, r.added, r.changed, r.same], [0, 1, 0, 0, 1]);
  const { url } = await serve(t, store);
  const sheet = await fetch(`${url}/values/template.xlsx?place=37&period=2025-Q4`);
  assert.equal(sheet.status, 200);
  assert.deepEqual(Buffer.from(await sheet.arrayBuffer()), fs.readFileSync(form));
  const rows = await (await fetch(`${url}/values/template.json?place=37&period=2025-Q4`)).json();
  assert.equal(rows.items.find((i) => i.indicator === 'KT-GRDP' && !i.category).amount, 85100.5);

  const sent = new FormData();
  sent.append('file', new Blob([fs.readFileSync(form)]), 'bieu.xlsx');
  const taken = await fetch(`${url}/api/value.load`, { method: 'POST', body: sent });
  assert.equal(taken.status, 200);
  assert.equal((await taken.json()).result.same, 1);
});

test('DHIS2 sends a set: a dry run, conflicts for each row, unchanged rows ignored', async (t) => {
  const { store } = await start(t);
  const { url } = await serve(t, store);
  const send = async (body, query = '', type = 'application/json') => {
    const r = await fetch(`${url}/api/dataValueSets${query}`, { method: 'POST', headers: { 'Content-Type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) });
    return { status: r.status, position: r.headers.get('hoalu-position'), body: await r.json() };
  };
  const set = { period: '2025Q4', orgUnit: '37', dataValues: [{ dataElement: 'KT-GRDP', value: '85100.5' }] };
  const tried = await send(set, '?dryRun=true&dataElementIdScheme=code&importStrategy=CREATE_AND_UPDATE');
  assert.equal(tried.status, 200);
  assert.equal(tried.position, null);
  assert.deepEqual(tried.body.importCount, { imported: 1, updated: 0, ignored: 0, deleted: 0 });
  const first = await send(set);
  assert.equal(first.body.status, 'SUCCESS');
  assert.equal(first.body.response.responseType, 'ImportSummary');
  assert.deepEqual(first.body.importCount, { imported: 1, updated: 0, ignored: 0, deleted: 0 });
  assert.ok(Number(first.position) > 0);
  assert.deepEqual((await send(set)).body.importCount, { imported: 0, updated: 0, ignored: 1, deleted: 0 });
  set.dataValues[0].value = '85200';
  set.dataValues.push({ dataElement: 'f7n9E0hX8qk', value: '1' });
  const wrong = await send(set);
  assert.equal(wrong.status, 409);
  assert.equal(wrong.body.status, 'ERROR');
  assert.deepEqual(wrong.body.importCount, { imported: 0, updated: 0, ignored: 2, deleted: 0 });
  assert.deepEqual(wrong.body.conflicts.map((x) => [x.object, x.property, x.errorCode, x.indexes]), [['f7n9E0hX8qk', 'dataElement', 'E7610', [1]]]);
  set.dataValues.pop();
  assert.deepEqual((await send(set)).body.importCount, { imported: 0, updated: 1, ignored: 0, deleted: 0 });
  assert.equal((await send('{"dataValues":[')).status, 400);
  assert.equal((await send(set, '?importStrategy=DELETE')).status, 400);
  assert.equal((await send(set, '', 'application/xml')).status, 400);
  assert.equal((await fetch(`${url}/api/dataValueSets`)).status, 405);
});

test('who has not signed in, or enters for another body, brings nothing in', async (t) => {
  const { store, done } = await start(t);
  const body = JSON.stringify({ period: '2025Q4', orgUnit: '37', dataValues: [{ dataElement: 'KT-GRDP', value: '1' }] });
  await done('user', 'add', 'nhap.lieu', '--role', 'reporter', '--org', 'SCT');
  const token = (await done('token', 'add', 'nhap.lieu', '--scope', 'enter')).trim();
  const { url } = await serve(t, store, [], {}, { signIn: true });
  const send = (headers) => fetch(`${url}/api/dataValueSets`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body });
  assert.equal((await send({})).status, 401);
  const other = await send({ Authorization: `Bearer ${token}` });
  const said = await other.json();
  assert.equal(other.status, 409, JSON.stringify(said));
  assert.deepEqual(said.conflicts.map((x) => x.errorCode), ['E7617']);
});
