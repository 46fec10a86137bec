'use strict';
// The command line of `plan`: exit statuses, help, refusals that name the place, and bad input of every kind, which must
// end within 10 seconds and 512 MiB and change nothing. The seconds are the processor's, so that a busy machine breaks no
// promise of the program's; one that waits for ever is ended and told.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { run, temporary, root } = require('./lib/hoalu.js');
const { html, convert } = require('./lib/office.js');

const ours = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');
const SECONDS = 10;
const HANGS_MS = 120000;
const MIB = 512;

test('help is there at every level, and asks for nothing', async () => {
  for (const args of [['--help'], ['plan', '--help'], ['plan', 'read', '--help'], ['plan', 'lint', '--help'], ['plan', 'load', '--help']]) {
    const r = await run(args);
    assert.equal(r.status, 0, `hoalu ${args.join(' ')}: ${r.stderr}`);
    assert.match(r.stdout, /plan/);
    assert.equal(r.stderr, '');
  }
  const { stdout } = await run(['plan', 'read', '--help']);
  for (const word of [/FILE|TỆP/, /--format/, /json/, /text/]) assert.match(stdout, word);
});

test('wrong use is status 2', async () => {
  const wrong = [['plan', 'read'], ['plan', 'read', ours, ours], ['plan', 'read', ours, '--format', 'xml'], ['plan', 'read', ours, '--colour'], ['plan', 'rad', ours], ['plan'], ['plan', 'lint']];
  for (const args of wrong) {
    const r = await run(args);
    assert.equal(r.status, 2, `hoalu ${args.join(' ')} gave ${r.status}`);
    assert.equal(r.stdout, '');
    assert.notEqual(r.stderr, '');
  }
});

test('what is not there, or is no document, is refused by name', async (t) => {
  const folder = temporary(t);
  const files = {
    'missing.md': null,
    'empty.md': '',
    'blank.txt': ' \n\n\t\n',
    'picture.png': Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1'),
    'old.doc': Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  };
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    if (content !== null) fs.writeFileSync(file, content);
    for (const command of ['read', 'lint']) {
      const r = await run(['plan', command, file, '--format', 'json']);
      assert.equal(r.status, 1, `${name}: status ${r.status}`);
      assert.ok(r.stderr.includes(name), `the refusal names ${name}: ${r.stderr}`);
      assert.equal(r.stdout, '', `${name}: nothing on standard output`);
    }
  }
  const r = await run(['plan', 'read', folder]);
  assert.equal(r.status, 1, 'a folder is refused');
});

test('a refusal names the line', async (t) => {
  const file = path.join(temporary(t), 'broken.txt');
  const good = Array.from({ length: 40 }, (_, i) => `${i + 1}. Nhiệm vụ thứ ${i + 1} của kế hoạch.`).join('\n');
  fs.writeFileSync(file, Buffer.concat([Buffer.from(`KẾ HOẠCH\n\nI. NHIỆM VỤ\n\n${good}\n`), Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]), Buffer.from(`\n${good}\n`)]));
  const r = await run(['plan', 'read', file]);
  assert.equal(r.status, 1);
  assert.match(r.stderr, /broken\.txt/);
  assert.match(r.stderr, /dòng 45/);
});

const fingerprint = (folder) =>
  fs
    .readdirSync(folder)
    .sort()
    .map((f) => [f, fs.statSync(path.join(folder, f)).mtimeMs, crypto.createHash('sha256').update(fs.readFileSync(path.join(folder, f))).digest('hex')]);

test('reading needs no store and writes nothing', async (t) => {
  const folder = temporary(t);
  fs.copyFileSync(ours, path.join(folder, 'plan.md'));
  const before = fingerprint(folder);
  for (const command of ['read', 'lint']) assert.equal((await run(['plan', command, 'plan.md'], { cwd: folder, env: { HOALU_STORE: '' } })).status, 0);
  fs.chmodSync(path.join(folder, 'plan.md'), 0o444);
  assert.equal((await run(['plan', 'read', 'plan.md'], { cwd: folder })).status, 0);
  assert.deepEqual(fingerprint(folder), before);
});

test('a name with blanks, marks and a leading dash is a name', async (t) => {
  const folder = temporary(t);
  for (const name of ['kế hoạch số 06.md', '-plan.md']) {
    fs.copyFileSync(ours, path.join(folder, name));
    const r = await run(['plan', 'read', '--format', 'json', '--', name], { cwd: folder });
    assert.equal(r.status, 0, r.stderr);
    assert.equal(JSON.parse(r.stdout).tasks.length, 43);
  }
});

// --- bad input ------------------------------------------------------------------------------------------------------

const CRC = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
function crc32(buffers) {
  let c = 0xffffffff;
  for (const b of buffers) for (let i = 0; i < b.length; i++) c = CRC[(c ^ b[i]) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

// A ZIP file of { name: Buffer | [Buffer, times] }.
function zip(entries) {
  const local = [];
  const central = [];
  let offset = 0;
  for (const [name, given] of Object.entries(entries)) {
    const [unit, times] = Array.isArray(given) ? given : [given, 1];
    const parts = Array(times).fill(unit);
    const packed = zlib.deflateRawSync(Buffer.concat(parts));
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(0x0800, 2);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(parts), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(unit.length * times, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const bytes = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, tail, Buffer.from(name)]));
    local.push(bytes);
    offset += bytes.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06'), end]);
}

const XML = '<?xml version="1.0" encoding="UTF-8"?>';
const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const docx = (body, others = {}) =>
  zip({
    '[Content_Types].xml': Buffer.from(`${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`),
    '_rels/.rels': Buffer.from(`${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`),
    'word/document.xml': body,
    ...others,
  });
const paragraph = (text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const word = (inner, before = '') => Buffer.from(`${XML}${before}<w:document ${WORD}><w:body>${inner}</w:body></w:document>`);

// Random bytes that are the same in every run.
function noise(n) {
  const out = Buffer.alloc(n);
  let x = 0x2545f491;
  for (let i = 0; i < n; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    out[i] = x;
  }
  return out;
}

// As many of a plan's lines as a document may have: each is one that a reader may go through again for every other.
const TEXT_LIMIT = 4 << 20;
function filled(head, line) {
  const lines = [head];
  for (let i = 1, n = Buffer.byteLength(head); ; i++) {
    const next = line.replaceAll('#', i);
    n += Buffer.byteLength(next);
    if (n > TEXT_LIMIT) return [Buffer.from(lines.join('')), null];
    lines.push(next);
  }
}
const TASK = 'III. NHIỆM VỤ\n\n1. A.\n';
const COLUMNS = '| TT | Nhiệm vụ | Cơ quan chủ trì | Thời gian |\n|---|---|---|---|\n';

// name: [the file's bytes, the status it must end with, or null for either 0 or 1]
const hostile = {
  'noise.md': () => [noise(1 << 20), 1],
  'noise.docx': () => [Buffer.concat([Buffer.from('PK\x03\x04'), noise(1 << 20)]), 1],
  'noise.pdf': () => [Buffer.concat([Buffer.from('%PDF-1.7\n'), noise(1 << 20)]), 1],
  'line-of-60-megabytes.txt': () => [Buffer.alloc(60 << 20, 'a '), 1],
  'line-of-60-megabytes.md': () => [Buffer.alloc(60 << 20, '|'), 1],
  'past-the-limit.txt': () => [Buffer.alloc((64 << 20) + 1, 'a\n'), 1],
  'many-lines.txt': () => [Buffer.alloc(8 << 20, '1.\n'), null],
  'nested-quotes.md': () => [Buffer.from(`${'> '.repeat(50000)}a\n`), null],
  'nested-dashes.md': () => [Buffer.from(Array.from({ length: 3000 }, (_, i) => `${'  '.repeat(i)}- a`).join('\n')), null],
  'brackets.md': () => [Buffer.from(`${'['.repeat(200000)}\n`), null],
  'asterisks.md': () => [Buffer.from(`${'*a '.repeat(200000)}\n`), null],
  'wide-table.md': () => [Buffer.from(`|${'a|'.repeat(20000)}\n|${'-|'.repeat(20000)}\n|${'b|'.repeat(20000)}\n`), null],
  'numbers.txt': () => [Buffer.from(`I. MỤC TIÊU\n\n- Đạt ${'9'.repeat(100000)}% và ${'1.'.repeat(50000)}1 người, từ ${'1-'.repeat(50000)}2 năm.\n`), null],
  'deep-outline.txt': () => [Buffer.from(Array.from({ length: 400 }, (_, i) => `${'1.'.repeat(i + 1)} Mục.`).join('\n')), null],
  'one-label.txt': () => [Buffer.from('III. NHIỆM VỤ\n\n1. A.\n'.concat('- Cơ quan chủ trì: Sở A, Sở B; Sở C và Sở D.\n'.repeat(50000))), null],
  'tasks.txt': () => filled('III. NHIỆM VỤ\n\n', '#. Xây dựng cổng số #.\n- Cơ quan chủ trì: Sở A#.\n- Thời gian: quý II/2027.\n'),
  'labels.txt': () => filled(TASK, '- Cơ quan chủ trì: Sở A#, Sở B#; Sở C# và Sở D#.\n'),
  'leads.txt': () => filled(TASK, 'Sở A chủ trì, phối hợp với Sở B; '),
  'helpers.txt': () => filled(TASK, 'phối hợp với Sở B, Sở C và '),
  'targets.txt': () => filled('II. MỤC TIÊU\n\n', '#. Phủ sóng 5G đạt #%.\n'),
  'described.txt': () => filled(TASK, '- Đưa vào vận hành quỹ đầu tư mạo hiểm số #; nghiên cứu thành lập quỹ đầu tư mạo hiểm số #.\n'),
  'duties.txt': () => filled('V. TỔ CHỨC THỰC HIỆN\n\n', '#. Sở A# chịu trách nhiệm báo cáo trước ngày 15/6 hằng năm.\n'),
  'one-duty.txt': () => filled('V. TỔ CHỨC THỰC HIỆN\n\n1. Sở A báo cáo', ' báo cáo với'),
  'repeated.txt': () => filled('', 'I. MỤC TIÊU\n'),
  'days.txt': () => filled(`${TASK}- Thời gian: `, 'trước ngày 30/11/2026; '),
  'rows.md': () => filled(COLUMNS, '| # | Xây dựng # | Sở A# | Quý I/2027 |\n'),
  'tables.md': () => filled('', `\n${COLUMNS}| # | Xây dựng # | Sở A# | Quý I/2027 |\n`),
  'target-rows.md': () => filled('| TT | Chỉ tiêu | ĐVT | 2027 | 2030 |\n|---|---|---|---|---|\n', '| # | Tỷ lệ # | % | 50 | 90 |\n'),
  'zeros.txt': () => [Buffer.alloc(1 << 20), 1],
  'bomb.docx': () => [docx([Buffer.alloc(1 << 20, 'A'), 300]), 1],
  'bomb-of-paragraphs.docx': () => [docx([Buffer.from(paragraph('A').repeat(20000)), 300]), 1],
  'nested.docx': () => [docx(word('<w:p>'.repeat(200000))), 1],
  'nested-tables.docx': () => [docx(word('<w:tbl><w:tr><w:tc>'.repeat(20000) + '</w:tc></w:tr></w:tbl>'.repeat(20000))), null],
  'entities.docx': () => [docx(word(paragraph('&c;'), '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>')), 1],
  'outside.docx': () => [docx(word(paragraph('&x;'), '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>')), 1],
  'no-document.docx': () => [zip({ 'readme.txt': Buffer.from('a') }), 1],
  'unfinished.docx': () => [docx(Buffer.from(`${XML}<w:document ${WORD}><w:body>${paragraph('a')}`)), 1],
};

test('bad input ends soon, in bounds, and changes nothing', async (t) => {
  const folder = temporary(t);
  for (const [name, make] of Object.entries(hostile))
    await t.test(name, async () => {
      const [bytes, status] = make();
      fs.writeFileSync(path.join(folder, name), bytes);
      const before = fingerprint(folder);
      const r = await run(['plan', 'read', name, '--format', 'json'], { cwd: folder, limit: HANGS_MS });
      assert.equal(r.signal, null, `ended by ${r.signal} after ${r.ms.toFixed(0)} ms`);
      assert.ok(r.cpuMs < SECONDS * 1000, `${r.cpuMs} ms of the processor`);
      assert.ok(status === null ? r.status === 0 || r.status === 1 : r.status === status, `status ${r.status}: ${r.stderr.slice(0, 300)}`);
      if (r.status === 0) JSON.parse(r.stdout);
      else assert.ok(r.stderr.includes(name), `the refusal names the file: ${r.stderr.slice(0, 300)}`);
      assert.ok(r.peakMiB < MIB, `${r.peakMiB.toFixed(0)} MiB`);
      assert.deepEqual(fingerprint(folder), before);
      fs.rmSync(path.join(folder, name));
    });
});

test('a file cut off anywhere is read or refused, never worse', async (t) => {
  const folder = temporary(t);
  const page = path.join(folder, 'plan.html');
  fs.writeFileSync(page, html(fs.readFileSync(ours, 'utf8')));
  const whole = [ours, ...convert([page], 'docx', folder), ...convert([page], 'pdf', folder)];
  for (const file of whole) {
    const bytes = fs.readFileSync(file);
    for (const part of [0.01, 0.2, 0.5, 0.8, 0.99]) {
      const name = `cut-${part}${path.extname(file)}`;
      fs.writeFileSync(path.join(folder, name), bytes.subarray(0, Math.floor(bytes.length * part)));
      const r = await run(['plan', 'read', name, '--format', 'json'], { cwd: folder, limit: HANGS_MS });
      assert.ok(r.signal === null && (r.status === 0 || r.status === 1), `${name}: status ${r.status}, ${r.signal}`);
      assert.ok(r.cpuMs < SECONDS * 1000, `${name}: ${r.cpuMs} ms of the processor`);
      if (r.status === 0) JSON.parse(r.stdout);
      else assert.ok(r.stderr.includes(name), `${name}: ${r.stderr.slice(0, 200)}`);
      assert.ok(r.peakMiB < MIB, `${name}: ${r.peakMiB.toFixed(0)} MiB`);
    }
  }
});
