'use strict';
// Bodies, groups and areas as a reader and a program get them: the page, JSON and CSV say the same; a day and a moment of the
// past; what a commune owes through its groups; names that nobody knows. Runs on PostgreSQL as well (HOALU_TEST_POSTGRES).

const { test, before, after } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { run, root } = require('./lib/hoalu.js');
const { csv } = require('./lib/csv.js');
const { newStore } = require('./lib/store.js');
const { serve } = require('./lib/serve.js');

const plan = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');
const ends = [], t = { after: (end) => ends.push(end) };
let folder, store, url;

async function done(...words) {
  const made = await run([...words, '--store', store]);
  assert.equal(made.status, 0, made.stderr);
}
before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hoalu-orgs-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  store = newStore(t, folder);
  await done('org', 'load');
  await done('plan', 'load', plan);
  ({ url } = await serve(t, store, [], { HOALU_KEY: path.join(folder, 'key') }));
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

const ask = (address, accept) => fetch(new URL(address, url), { headers: { accept }, redirect: 'manual' });
async function page(address, status = 200) {
  const answer = await ask(address, 'text/html,*/*;q=0.8');
  assert.equal(answer.status, status, address);
  return (await answer.text()).replace(/&amp;/g, '&').replace(/&quot;/g, '"').replace(/&#39;/g, "'");
}
async function items(address) {
  const answer = await ask(address, 'application/json');
  assert.equal(answer.status, 200, address);
  const { items: rows, next } = await answer.json();
  assert.equal(next, null, `${address}: all on one page`);
  return rows;
}
// A write of another process is seen within a second.
async function soon(look, fits) {
  for (let i = 0; ; i++) {
    const seen = await look();
    if (fits(seen)) return seen;
    assert.ok(i < 30, `not seen within three seconds: ${JSON.stringify(seen).slice(0, 300)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
const plain = (html) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
const heading = (html) => plain(/<h1>([\s\S]*?)<\/h1>/.exec(html)[1]);
// Rows of a table as lists of cells, without the head.
const rows = (html) => [...html.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map((r) => [...r[1].matchAll(/<t[dh](?: [^>]*)?>([\s\S]*?)<\/t[dh]>/g)].map((c) => plain(c[1]))).filter((r, i, all) => r.length && r !== all[0]);
const section = (html, from, to) => html.slice(html.indexOf(from), to ? html.indexOf(to, html.indexOf(from)) : undefined);

// The plan was read by hand: 43 tasks and 7 programmes, all but two led by one committee; two are due on 30 November 2026.
test('a body: the page says what is found, and its figures are the data', async () => {
  const at = '/orgs/DU-UBND?day=2026-11-23', data = '/orgs/DU-UBND/owed?day=2026-11-23';
  const html = await page(at);
  assert.equal(heading(html), 'Đảng ủy Ủy ban nhân dân tỉnh chủ trì 48 trong 50 nhiệm vụ, chương trình; 2 đến hạn trong 30 ngày; 5 việc giao chung qua nhóm');
  const owed = await items(data), own = owed.filter((o) => o.via === null);
  assert.equal(own.filter((o) => o.role === 'lead' && o.what !== 'target').length, 48);
  assert.deepEqual(owed.filter((o) => o.state === 'soon').map((o) => o.path), ['III.3.3', 'III.6.2']);
  const shown = rows(section(html, 'id="viec"', 'id="nhom"'));
  assert.deepEqual(shown.map((r) => r[0]), own.map((o) => o.path), 'the page and JSON, row by row');
  const sheet = csv(await (await ask(data.replace('/owed', '/owed.csv'), '*/*')).text());
  assert.deepEqual(sheet.slice(1).map((r) => r[sheet[0].indexOf('path')]), owed.map((o) => o.path), 'CSV and JSON, row by row');
  assert.match(html, /href="\/orgs\/DU-UBND\/owed\.json\?day=2026-11-23"/);
  // Its place: under the province's committee, over those of the departments, leading the people's committee.
  for (const code of ['TU', 'DU-SKHCN', 'UBND', 'N-CAP-UY-TRUC-THUOC']) assert.ok(html.includes(`href="/orgs/${code}"`), code);
  assert.match(heading(await page('/orgs/DU-UBND?day=2026-12-01&lang=en')), /leads 48 of 50 tasks and programmes; 2 past the deadline/);
});

test('a commune owes what its groups owe, apart and said so', async () => {
  const html = await page('/orgs/DU-14464?day=2026-11-23');
  assert.equal(heading(html), 'Đảng ủy xã Gia Viễn: 56 việc giao chung qua nhóm, không việc nào nêu tên riêng');
  const owed = await items('/orgs/DU-14464/owed?day=2026-11-23');
  assert.equal(owed.length, 56);
  assert.ok(owed.every((o) => o.via));
  const shared = section(html, 'id="nhom"', '<aside');
  for (const group of new Set(owed.map((o) => o.via))) {
    const block = section(shared, `href="/orgs/${group}"`, '</table>'), mine = owed.filter((o) => o.via === group);
    assert.ok(block.includes(`: ${mine.length} việc</a>`), group);
    assert.deepEqual(rows(block).map((r) => r[0]), mine.map((o) => o.path));
  }
  const area = await page('/areas/14464?day=2026-11-23');
  assert.equal(heading(area), 'Xã Gia Viễn: 56 việc giao cho 2 cơ quan của địa bàn');
  assert.match(area, /Việc của cả 2 cơ quan[\s\S]*\(50\)[\s\S]*Việc của Đảng ủy xã Gia Viễn[\s\S]*\(6\)/);
});

test('the list of bodies: each row is the body\'s own page', async () => {
  const html = await page('/orgs?tree=all&day=2026-11-23'), counts = await items('/owed?tree=all&day=2026-11-23');
  assert.equal(heading(html), 'Đảng ủy Ủy ban nhân dân tỉnh chủ trì 48 trong 50 nhiệm vụ, chương trình');
  assert.deepEqual(rows(html).map((r) => [r[0], ...r.slice(2, 6).map(Number)]), counts.map((c) => [c.name, c.leads, c.coordinates, c.duties, c.through]));
  const tree = await page('/orgs?day=2026-11-23');
  const order = ['Tỉnh ủy Ninh Bình', 'Ban Chấp hành Đảng bộ tỉnh', 'Văn phòng Tỉnh ủy', 'Đảng ủy Ủy ban nhân dân tỉnh', 'Đảng ủy Sở Xây dựng'];
  const names = rows(tree).map((r) => r[0]);
  assert.deepEqual(names.filter((n) => order.includes(n)), order, 'the Party\'s tree from above');
  assert.ok(names.includes('129 đảng ủy xã hoặc phường'), 'communes are one row that opens their list');
  assert.equal(rows(await page('/orgs?tree=party&kind=commune_party')).length, 129);
  assert.deepEqual(rows(await page('/orgs?q=so+khoa+hoc')).map((r) => r[0]), ['Đảng ủy Sở Khoa học và Công nghệ', 'Sở Khoa học và Công nghệ'], 'committees of departments before departments');
  assert.match(await page('/orgs?q=khong+co+gi'), /Không có cơ quan nào phù hợp/);
});

test('a body is listed while it exists, and leads to what came after it', async () => {
  const codes = async (day) => (await items(`/owed?day=${day}`)).map((o) => o.code);
  assert.ok((await codes('2025-06-30')).includes('UBND-36') && !(await codes('2025-07-01')).includes('UBND-36'));
  assert.match(await page('/orgs?tree=state&day=2025-06-30'), /Ủy ban nhân dân tỉnh Nam Định/);
  assert.doesNotMatch(await page('/orgs?tree=state&day=2025-07-01'), /Ủy ban nhân dân tỉnh Nam Định/);
  const gone = await page('/orgs/UBND-36'), now = await page('/orgs/UBND');
  assert.match(gone, /Thôi hoạt động từ sau ngày 30\/06\/2025[\s\S]*Hợp nhất vào[\s\S]*href="\/orgs\/UBND"/);
  for (const code of ['UBND-35', 'UBND-36', 'UBND-37-1992']) assert.ok(now.includes(`href="/orgs/${code}"`), code);
});

test('as of a moment before anything was known, nothing was', async () => {
  for (const address of ['/orgs/DU-UBND', '/areas/14464']) {
    assert.match(await page(`${address}?as-of=2020-01-01`, 404), /Không có trang này/);
    assert.equal((await ask(`${address}${address.startsWith('/orgs') ? '/owed' : ''}?as-of=2020-01-01`, 'application/json')).status, 404);
  }
  assert.match(await page('/orgs?as-of=2020-01-01'), /hoalu org load/);
  assert.deepEqual(await items('/owed?as-of=2020-01-01'), []);
  assert.match(await page('/orgs?day=31/12/2026', 400), /day: ngày phải viết dạng 2026-11-30[\s\S]*Sửa chỗ nêu trên/);
});

// The catalogue knows the centres; boundaries of two neighbours that are loaded stand for the cells of a small list.
test('areas on a map, from their centres until boundaries are loaded', async () => {
  const communes = (await items('/areas?day=2026-11-23&limit=1000')).filter((a) => a.kind !== 'province');
  const map = (html) => (html.match(/<svg class="chart map"[\s\S]*?<\/svg>/) ?? [''])[0];
  const links = (html) => [...map(html).matchAll(/<a href="\/areas\/(\d+)/g)].map((m) => m[1]);
  const before = await page('/areas');
  assert.deepEqual(links(before).sort(), communes.map((a) => a.code).sort());
  assert.match(before, /Chưa nạp ranh giới/);
  assert.equal(map(await page('/areas?q=gia+vien')), '', 'a part of the list has no map');
  const features = communes.map((a, i) => {
    const x = 105 + (i % 12) / 10, y = 20 + Math.floor(i / 12) / 10;
    return { type: 'Feature', properties: { code: a.code }, geometry: { type: 'Polygon', coordinates: [[[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]] } };
  });
  const file = path.join(folder, 'ranh-gioi.geojson');
  fs.writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features: [...features, features[0]] }));
  const refused = await run(['geo', 'load', file, '--store', store]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /ranh-gioi\.geojson: đối tượng 130: /);
  assert.match(await page('/areas?day='), /Chưa nạp ranh giới/, 'nothing is half-loaded');
  fs.writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }));
  const dry = await run(['geo', 'load', file, '--dry-run', '--format', 'json', '--store', store]);
  assert.equal(JSON.parse(dry.stdout).added, communes.length);
  await done('geo', 'load', file);
  let after = await page('/areas');
  for (let i = 0; i < 30 && !/Ranh giới đã nạp/.test(after); i++) { // another process wrote: the server follows within a second
    await new Promise((resolve) => setTimeout(resolve, 100));
    after = await page('/areas');
  }
  assert.match(after, /Ranh giới đã nạp/);
  assert.deepEqual(links(after).sort(), links(before).sort());
});

test('areas in the order of a Vietnamese directory, each with its two bodies', async () => {
  const html = await page('/areas?day=2026-11-23'), areas = await items('/areas?day=2026-11-23&limit=1000');
  assert.equal(heading(html), '130 địa bàn: 1 tỉnh, 32 phường, 97 xã');
  assert.deepEqual(rows(html).map((r) => r[0]), areas.map((a) => a.name));
  const wards = areas.filter((a) => a.kind === 'ward').map((a) => a.name), directory = [...wards].sort(new Intl.Collator('vi').compare);
  assert.deepEqual(wards, directory);
  for (const area of areas.filter((a) => a.kind !== 'province')) assert.deepEqual(area.orgs, [`DU-${area.code}`, `UBND-${area.code}`]);
  assert.deepEqual(rows(await page('/areas?q=gia+vien&day=')).map((r) => r[0]), ['Gia Viễn']);
  assert.equal((await items('/areas?q=gia%20vien')).length, 1);
  assert.equal((await ask('/orgs/14464', 'text/html')).headers.get('location'), '/areas/14464', 'an area is no body');
});

test('groups say who belongs to them, and what is laid on all', async () => {
  const html = await page('/orgs/N-MTTQ-CTXH');
  assert.equal(heading(html), 'Mặt trận Tổ quốc và các tổ chức chính trị - xã hội tỉnh: 5 việc giao chung, 6 thành viên');
  assert.match(await page('/orgs/N-LIEN-QUAN'), /Nhóm không có danh sách/);
});

test('signs: every state in words, in both languages; every page leads there', async () => {
  const vi = plain(await page('/signs?lang=vi')), en = plain(await page('/signs?lang=en'));
  for (const words of ['Đã qua hạn 9 ngày', 'Đến hạn hôm nay', 'Còn 7 ngày', 'Chưa có hạn', 'Theo kỳ', 'Phải xử lý', 'Cần xem xét']) assert.ok(vi.includes(words), words);
  for (const words of ['9 days past', 'Due today', '7 days left', 'No deadline', 'Goes on', 'To be settled', 'To be looked at']) assert.ok(en.includes(words), words);
  for (const address of ['/plans', '/plans/06-nq-tu', '/orgs', '/areas/37', '/signs']) assert.match(await page(address), /<footer[\s\S]*href="\/signs"/, address);
  assert.match(await page('/khong/co', 404), /<footer[\s\S]*href="\/signs"/);
});

test('a name that nobody knows is told with its place, until it is known', async () => {
  const second = path.join(folder, 'thu.md'), names = path.join(folder, 'ten.csv');
  fs.writeFileSync(second, '# Kế hoạch thử nghiệm\n\nI. NHIỆM VỤ\n\n1. Lập cổng dữ liệu của tỉnh.\n\n- Cơ quan chủ trì: Trung tâm Lạ.\n\n- Thời gian thực hiện: Trước ngày 30/6/2027.\n');
  assert.match(await page('/unknown-names'), /Mọi tên cơ quan trong các kế hoạch đều nhận ra được/);
  await done('plan', 'load', second);
  const [unknown] = await soon(() => items('/unknown-names'), (all) => all.length === 1);
  assert.deepEqual([unknown.name, unknown.path, unknown.role], ['Trung tâm Lạ', 'I.1', 'lead']);
  const told = await soon(() => page('/unknown-names'), (html) => html.includes('Trung tâm Lạ'));
  assert.equal(heading(told), '1 tên trong các kế hoạch chưa nhận ra là cơ quan nào');
  assert.ok(told.includes(`href="/plans/${unknown.plan}/clauses/I.1"`));
  await soon(() => page('/orgs'), (html) => html.includes('1 chỗ có tên chưa nhận ra'));
  fs.writeFileSync(names, 'alias,code\nTrung tâm Lạ,SKHCN\n');
  await done('org', 'load', names);
  await soon(() => page('/unknown-names'), (html) => html.includes('Đã nhận ra: Sở Khoa học và Công nghệ'));
  await done('plan', 'load', second);
  await soon(() => items('/unknown-names'), (all) => all.length === 0);
  const known = await soon(() => page('/orgs/SKHCN'), (html) => /chủ trì 1 trong 51/.test(heading(html)));
  assert.match(known, /Trung tâm Lạ/);
});
