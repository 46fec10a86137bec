'use strict';
// What must come out of `hoalu plan read`: of the Ninh Bình plan (our words and, where it lies beside the project, the
// issued text), and of plans laid out in ten other ways. The expectations were written from the documents and from the
// contract, by hand; a difference is a question to both.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { compare } = require('./lib/expect.js');
const { shape } = require('./lib/shape.js');
const { run, json, temporary, root } = require('./lib/hoalu.js');
const { html, convert } = require('./lib/office.js');

const plans = path.join(root, 'test/plans');
const ours = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');
const expectation = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const ninhBinh = expectation(path.join(root, 'test/expect/ninh-binh.json'));
const read = (file) => json(['plan', 'read', file, '--format', 'json']);

function same(name, got, want, source) {
  const diffs = [shape(`${name}: shape`, got, source), compare(name, got, want)].filter((d) => d.problems.length);
  assert.ok(diffs.length === 0, `\n${diffs.join('\n')}`);
}

async function check(name, file, want) {
  same(name, await read(file), want, /\.(md|txt)$/.test(file) ? fs.readFileSync(file, 'utf8') : undefined);
}

test('the Ninh Bình plan in our words', () => check('ninh-binh', ours, ninhBinh));

// The issued text is not ours to carry; where it lies beside the project it must read the same.
const issued = process.env.HOALU_ISSUED_PLANS || path.join(root, '../shared/plan');
const texts = fs.existsSync(issued) ? fs.readdirSync(issued).filter((f) => f.endsWith('.txt')) : [];
if (!texts.length) console.log(`# NOT CHECKED, the issued text is not there: ${issued}`);
for (const file of texts) {
  test(`the issued text ${file}`, () => check(file, path.join(issued, file), ninhBinh));
  test(`scanning slips are told in ${file}`, async () => {
    const { findings } = await read(path.join(issued, file));
    const told = (where) => findings.some((f) => where.includes(f.path) && /Phần đầu|Phân đầu/i.test(f.message.normalize('NFC')));
    assert.ok(told(['II.1.2-3', 'II.1.2', 'II.1.3-3', 'II.1.3']), '"Phần đầu" for "Phấn đấu" in II.1.2 or II.1.3');
  });
}

for (const file of fs.readdirSync(plans).filter((f) => /\.(md|txt)$/.test(f)))
  test(`layout ${file}`, () => check(file, path.join(plans, file), expectation(path.join(plans, file.replace(/\.\w+$/, '.expect.json')))));

test('what is found is told in English too: Vietnamese stands only in what it quotes and names', async () => {
  const said = new Set();
  for (const file of [ours, ...fs.readdirSync(plans).filter((f) => /\.(md|txt)$/.test(f)).map((f) => path.join(plans, f))])
    for (const f of (await read(file)).findings) {
      const own = f.message_en.replace(/"[^]*"/g, '').replace(/\([^)]*\)/g, '');
      assert.match(own, /\b(the|is|no|one|of|a|to|task|target)\b/i, f.message_en);
      if (!['single_lead', 'report_day_missing', 'target_conflict'].includes(f.rule)) assert.doesNotMatch(own, /[ăâđêôơưà-ỹ]/i, f.message_en);
      assert.deepEqual(f.message_en.match(/\d+/g), f.message.match(/\d+/g), `the same figures: ${f.message_en}`);
      said.add(f.rule);
    }
  assert.ok(said.size >= 15, [...said].join(' '));
});

test('the same plans as Word and PDF files', async (t) => {
  const folder = temporary(t);
  const put = (name, text) => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text);
    return file;
  };
  const markdown = fs.readFileSync(ours, 'utf8');
  const tables = ['dates', 'relative-deadlines', 'several-leads', 'target-table', 'progress-table', 'letters-and-annex'];
  const pages = [
    put('ninh-binh.html', html(markdown)),
    put('ninh-binh-typed.html', html(markdown, { dashes: 'plain' })),
    put('table-programme.html', fs.readFileSync(path.join(plans, 'table-programme.html'), 'utf8')),
    ...tables.map((name) => put(`${name}.html`, html(fs.readFileSync(path.join(plans, `${name}.md`), 'utf8')))),
  ];
  const want = (file) => {
    const name = path.basename(file).replace(/\.\w+$/, '');
    return name.startsWith('ninh-binh') ? ninhBinh : expectation(path.join(plans, `${name}.expect.json`));
  };
  for (const file of convert(pages, 'docx', folder)) await t.test(path.basename(file), () => check(path.basename(file), file, want(file)));
  for (const file of convert(pages.slice(0, 2), 'pdf', folder)) await t.test(path.basename(file), () => check(path.basename(file), file, want(file)));
});

test('lint says what read finds', async () => {
  const { findings } = await read(ours);
  const lint = await json(['plan', 'lint', ours, '--format', 'json']);
  const key = (f) => `${f.rule} ${f.path} ${f.message}`;
  assert.deepEqual((lint.findings || lint).map(key).sort(), findings.map(key).sort());
  const text = await run(['plan', 'lint', ours]);
  assert.equal(text.status, 0);
  for (const f of findings) assert.ok(text.stdout.includes(f.message), `the text of lint lacks: ${f.message}`);
  for (const where of ['III.4.4', 'II.1.3', 'III.2.6', 'II.1.4', 'III.3.1']) assert.ok(text.stdout.includes(where), `the text of lint names ${where}`);
});

test('reading twice gives the same bytes, and text is the default form', async () => {
  const [a, b] = [await run(['plan', 'read', ours, '--format', 'json']), await run(['plan', 'read', ours, '--format', 'json'])];
  assert.equal(a.stdout, b.stdout);
  const plain = await run(['plan', 'read', ours]);
  assert.equal(plain.status, 0);
  assert.equal(plain.stdout, (await run(['plan', 'read', ours, '--format', 'text'])).stdout);
  for (const words of ['III.4.10', 'IV.7', '06-NQ/TU', 'Thường xuyên']) assert.ok(plain.stdout.includes(words), `the draft as text lacks ${words}`);
});

test('writing habits do not change what is read', async (t) => {
  const folder = temporary(t);
  const original = fs.readFileSync(ours, 'utf8');
  const forms = {
    'decomposed letters': original.normalize('NFD'),
    'carriage returns': original.replace(/\n/g, '\r\n'),
    'byte order mark': `\uFEFF${original}`,
    'older tone marks': original.replace(/ủy/g, 'uỷ').replace(/Ủy/g, 'Uỷ').replace(/hóa/g, 'hoá'),
    'no emphasis at all': original.replace(/\*/g, ''),
    'hard spaces': original.replace(/Cơ quan chủ trì: /g, 'Cơ quan chủ trì:\u00a0'),
  };
  for (const [name, text] of Object.entries(forms))
    await t.test(name, async () => {
      const file = path.join(folder, 'plan.md');
      fs.writeFileSync(file, text);
      same(name, await read(file), ninhBinh);
    });
});
