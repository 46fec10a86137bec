'use strict';
// What /openapi.json promises, kept to by what answers: the document is a valid OpenAPI 3.1, every read operation in it answers
// at its address in each of its forms, the JSON fits its schema, and JSON, CSV and workbook carry the same figures. The walk
// takes the operations from the document, so that one added tomorrow is held to it as well. Runs on PostgreSQL as well
// (HOALU_TEST_POSTGRES).

const { test, before, after } = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { run, root } = require('./lib/hoalu.js');
const { csv } = require('./lib/csv.js');
const { newStore } = require('./lib/store.js');
const { serve } = require('./lib/serve.js');
const { schemas, validOpenapi } = require('./browser/openapi.js');

const plan = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const ends = [];
let folder, url, openapi, reads;

const get = (address, headers = {}) => fetch(new URL(address, url), { headers });
const json = async (address) => {
  const answer = await get(address, { accept: 'application/json' });
  assert.equal(answer.status, 200, `${address}: ${answer.status}`);
  return answer.json();
};

before(async () => {
  const t = { after: (end) => ends.push(end) };
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hoalu-forms-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const store = newStore(t, folder);
  for (const words of [['org', 'load'], ['plan', 'load', plan], ['plan', 'draft', plan], ['indicator', 'load']]) {
    const made = await run([...words, '--store', store]);
    assert.equal(made.status, 0, made.stderr);
  }
  ({ url } = await serve(t, store, [], { HOALU_KEY: path.join(folder, 'key') }));
  openapi = await json('/openapi.json');
  reads = Object.entries(openapi.paths).filter(([, at]) => at.get).map(([address, at]) => ({ address, op: at.get }));
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

// Required arguments that no list tells.
const asked = { 'search.list': 'q=dữ liệu&limit=100', 'value.history': 'place=37', 'value.template': 'place=UBND-13285&period=2026-S1' };
// Whose workbook is a form to be filled in and not a table.
const filledIn = new Set(['value.template']);

// "/plans/{plan}/clauses": what can stand in each place is a row of the list before it, under the name of the place or what
// serves as the name of a row.
async function addresses(template) {
  let found = [''];
  for (const part of template.split('/').slice(1)) {
    const place = /^\{(.*)\}$/.exec(part)?.[1], longer = [];
    for (const begun of found) {
      if (!place) {
        longer.push(`${begun}/${part}`);
        continue;
      }
      const { items } = await json(begun);
      assert.ok(items.length, `${begun} has no row to stand for {${place}}`);
      // The first, the last and one between.
      for (const row of new Set([items[0], items[items.length >> 1], items.at(-1)])) {
        const name = [place, 'slug', 'code', 'id', 'key', 'path'].map((key) => row[key]).find((v) => v !== undefined && v !== null);
        assert.ok(name !== undefined, `${begun}: a row has nothing for {${place}}: ${Object.keys(row)}`);
        longer.push(`${begun}/${encodeURIComponent(name)}`);
      }
    }
    found = longer;
  }
  return found;
}

const query = (op) => {
  if (asked[op.operationId]) return `?${encodeURI(asked[op.operationId])}`;
  return op.parameters.some((p) => p.name === 'limit') ? '?limit=1000' : '';
};
const withSuffix = (address, suffix) => address.replace(/(\?|$)/, `.${suffix}$1`);

test('the document is a valid OpenAPI 3.1', async () => {
  assert.deepEqual(await validOpenapi(openapi), []);
  assert.ok(reads.length > 10, `${reads.length} reads`);
});

test('every read operation says what it answers', () => {
  const silent = reads.filter(({ op }) => {
    const schema = op.responses['200'].content['application/json'].schema;
    return !schema.$ref && !schema.anyOf && !schema.properties?.items;
  });
  assert.deepEqual(silent.map(({ op }) => op.operationId), []);
});

test('every answer fits its schema, at its address and by its name', async () => {
  const fits = schemas(openapi);
  for (const { address, op } of reads) {
    for (const at of await addresses(address)) {
      const whole = await json(at + query(op));
      assert.deepEqual(fits(['paths', address, 'get', 'responses', '200', 'content', 'application/json', 'schema'], whole), [], at);
    }
    const named = await fetch(`${url}/api/${op.operationId}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    const inside = ['paths', `/api/${op.operationId}`, 'post', 'responses', named.status === 200 ? '200' : 'default', 'content',
      named.headers.get('content-type'), 'schema'];
    assert.deepEqual(fits(inside, await named.json()), [], op.operationId);
  }
});

// A cell as CSV shows a value; a nested record is columns "schedule.due".
const value = (row, column) => column.split('.').reduce((at, name) => at?.[name], row);
const shown = (v) => (v === null ? '' : Array.isArray(v) ? v.join('; ') : String(v));
const unquoted = (cell) => cell.replace(/^'(?=[=+@\t\r-])/, ''); // a text that a spreadsheet would take for a formula

// Where two cells differ, in few words.
function same(is, should, where) {
  if (is === should) return;
  let i = 0;
  while (is[i] === should[i]) i++;
  assert.fail(`${where}: "…${is.slice(Math.max(0, i - 20), i + 40)}" should be "…${should.slice(Math.max(0, i - 20), i + 40)}" (at ${i})`);
}

test('JSON, CSV and the workbook say the same, in every row of every operation', async () => {
  const books = new Map();
  for (const { address, op } of reads)
    for (const at of (await addresses(address)).slice(0, 2)) {
      const asked = at + query(op), whole = await json(asked);
      assert.deepEqual(await json(withSuffix(asked, 'json')), whole, asked);
      const many = Array.isArray(whole.items) && 'next' in whole, rows = many ? whole.items : [whole];
      const answer = await get(withSuffix(asked, 'csv'));
      assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8', asked);
      const table = csv(await answer.text());
      assert.deepEqual(csv(await (await get(asked, { accept: 'text/csv' })).text()), table);
      assert.equal(table.length, rows.length + 1, `${asked}: a header and a line for each row`);
      const flat = Object.entries(rows[0] || {}).filter(([, v]) => !(Array.isArray(v) && typeof v[0] === 'object'));
      for (const [name, v] of flat)
        if (many) assert.ok(table[0].some((column) => column === name || (v && typeof v === 'object' && column.startsWith(`${name}.`))), `${asked}: no column ${name}`);
      rows.forEach((row, i) =>
        table[0].forEach((column, k) => same(unquoted(table[i + 1][k]), shown(value(row, column)), `${asked} row ${i} ${column}`)));
      const sheet = await get(withSuffix(asked, 'xlsx'));
      assert.equal(sheet.headers.get('content-type'), XLSX, asked);
      if (filledIn.has(op.operationId)) continue;
      const name = `book${books.size}`;
      fs.writeFileSync(path.join(folder, `${name}.xlsx`), Buffer.from(await sheet.arrayBuffer()));
      books.set(name, { asked, table });
    }
  execFileSync('soffice', ['--headless', `-env:UserInstallation=file://${folder}/office`, '--convert-to',
    'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false', '--outdir', folder, ...[...books.keys()].map((n) => path.join(folder, `${n}.xlsx`))],
  { stdio: 'ignore', timeout: 240000 });
  const day = (cell) => cell.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3/$2/$1'); // a day is a day there, shown as an office writes it
  const spread = (cell) => cell.replace(/\s+/g, ' ');
  for (const [name, { asked, table }] of books) {
    const sheet = csv(fs.readFileSync(path.join(folder, `${name}.csv`), 'utf8'));
    assert.equal(sheet.length, table.length, asked);
    table.forEach((row, i) => row.forEach((cell, k) => {
      const where = `${asked} row ${i} ${table[0][k]}`;
      if (cell.length > 32767) return; // more than a cell can hold
      // LibreOffice breaks the lines of a text of more than 16,384 characters.
      if (cell.length > 16000) same(spread(sheet[i][k]), spread(unquoted(cell)), where);
      else same(sheet[i][k].replace(/^(TRUE|FALSE)$/, (word) => word.toLowerCase()), day(unquoted(cell)), where);
    }));
  }
});

test('a table without rows still has its header', async () => {
  const headed = await (await get('/ledger.csv?order=oldest&after=1000000')).text();
  assert.match(headed, /^position,/);
  assert.equal(csv(headed).length, 1);
});
