'use strict';
// Lists with filters and pages of one thing, as a browser without script gets them and as a program does. Runs on PostgreSQL
// as well (HOALU_TEST_POSTGRES).

const { test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { run, json, temporary, root } = require('./lib/hoalu.js');
const { newStore } = require('./lib/store.js');
const { serve } = require('./lib/serve.js');

const plan = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');

async function started(t) {
  const folder = temporary(t), store = newStore(t, folder);
  for (const words of [['org', 'load'], ['plan', 'load', plan]]) {
    const made = await run([...words, '--store', store]);
    assert.equal(made.status, 0, made.stderr);
  }
  const { url } = await serve(t, store, ['--sample']);
  const get = (address) => fetch(new URL(address, url), { headers: { accept: 'text/html' }, redirect: 'manual' });
  const page = async (address) => {
    const answer = await get(address);
    assert.equal(answer.status, 200, address);
    return answer.text();
  };
  return { folder, store, url, get, page };
}

const plain = (html) => html.replaceAll('&amp;', '&').replaceAll('&#34;', '"').replaceAll('&#39;', "'");
const headline = (html) => /<h1>(.*?)<\/h1>/s.exec(html)[1].trim();
const rows = (html) => [...html.matchAll(/<td [^>]*class="ref"[^>]*><a href="[^"]*">([^<]*)<\/a>/g)].map((m) => m[1]);
const link = (html, text) => {
  const found = [...html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs)].find(([, , inner]) => inner.replace(/<[^>]*>/g, '').trim().startsWith(text));
  assert.ok(found, `no link "${text}"`);
  return plain(found[1]);
};
const paths = (text) => text.trim().split('\r\n').slice(1).map((line) => line.split(',')[2]);

// What a browser sends when a form is filled in: every field, the empty ones too.
function filled(html, values) {
  const form = /<form class="filters"[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/s.exec(html);
  assert.match(form[0], /method="get"/);
  const query = new URLSearchParams();
  for (const [, , attributes] of form[2].matchAll(/<(input|select)([^>]*)>/g)) {
    const name = /name="([^"]*)"/.exec(attributes)[1];
    const value = /value="([^"]*)"/.exec(attributes)?.[1] ?? '';
    query.set(name, values[name] ?? value);
    if (!attributes.includes('type="hidden"')) assert.ok(form[2].includes(`for="${/id="([^"]*)"/.exec(attributes)[1]}"`), `${name} has a label`);
  }
  for (const name of Object.keys(values)) assert.ok(query.has(name), `the form has a field ${name}`);
  return `${plain(form[1])}?${query}`;
}

test('tasks are filtered by a form, and every form of the list has the same rows', async (t) => {
  const { page, url, store } = await started(t);
  const all = await page('/tasks');
  assert.equal(headline(all).split(':')[0], '43 nhiệm vụ');
  assert.equal(rows(all).length, 43);
  const cases = [
    [{ schedule: 'yearly' }, 8],
    [{ schedule: 'continuous' }, 14],
    [{ due_to: '2026-12-31' }, 3],
    [{ due_from: '2026-12-01', due_to: '2026-12-31' }, 1],
    [{ body: 'DU-UBND' }, 41],
    [{ findings: 'error' }, 3],
    [{ q: 'de an' }, 3],
    [{ body: 'DU-UBND', schedule: 'yearly', q: 'không có chữ này' }, 0],
  ];
  for (const [values, n] of cases) {
    const html = await page(filled(all, values)), shown = rows(html), name = JSON.stringify(values);
    assert.equal(shown.length, n, name);
    const chosen = /<ul class="chosen">(.*?)<\/ul>/s.exec(html)[1];
    assert.equal([...chosen.matchAll(/<b>/g)].length, Object.keys(values).length, name);
    const data = async (text) => (await fetch(new URL(link(html, text), url))).text();
    const items = JSON.parse(await data('JSON')).items.map((i) => i.path);
    assert.deepEqual(items, shown, name);
    assert.deepEqual(paths(await data('CSV')), n ? shown : [], name);
    const args = Object.entries(values).flatMap(([k, v]) => [`--${k.replace('_', '-')}`, v]);
    const called = await json(['call', 'task.list', ...args, '--count', 'true', '--store', store, '--format', 'json']);
    assert.deepEqual(called.items.map((i) => i.path), shown, name);
    assert.equal(called.count, n, name);
  }
  // Each choice can be taken back.
  const two = await page(filled(all, { schedule: 'yearly', body: 'DU-UBND' }));
  const without = [...two.matchAll(/<li>[^<]*<b>[^<]*<\/b> <a href="([^"]*)"/g)].map((m) => plain(m[1]));
  assert.deepEqual(without.sort(), ['/tasks?body=DU-UBND', '/tasks?schedule=yearly']);
  assert.equal(link(two, 'Bỏ mọi điều kiện lọc'), '/tasks');
});

test('the state of deadlines is one click away, and keeps the other filters', async (t) => {
  const { page } = await started(t);
  const all = await page('/tasks');
  const missing = await page(link(all, 'Chưa có hạn'));
  assert.equal(headline(missing), '5 nhiệm vụ chưa có hạn');
  assert.deepEqual(rows(missing), ['III.2.1', 'III.4.1', 'III.4.4', 'III.5.1', 'III.5.3']);
  const both = await page(filled(missing, { findings: 'error' }));
  assert.deepEqual(rows(both), ['III.2.1', 'III.4.4', 'III.5.3']);
  assert.match(link(both, 'Theo kỳ'), /findings=error/);
});

test('an empty list says which filter to loosen, and what is left without it', async (t) => {
  const { page } = await started(t);
  const html = await page('/tasks?schedule=yearly&due_to=2026-12-31');
  assert.deepEqual(rows(html), []);
  const empty = /<div class="empty">(.*?)<\/div>/s.exec(html)[1].replace(/<[^>]*>/g, '');
  assert.match(empty, /Bỏ điều kiện “Thời gian thực hiện: Hằng năm”: còn 3 dòng/);
  assert.match(empty, /Bỏ điều kiện “Hạn đến ngày: 31\/12\/2026”: còn 8 dòng/);
  assert.equal((await page(link(html, 'Bỏ điều kiện “Hạn đến ngày'))).includes('Hằng năm</b>'), true);
});

test('a value that is none is refused with the field named, on the page and as a problem', async (t) => {
  const { get, url } = await started(t);
  const bad = [
    ['/tasks?schedule=thursday', 'schedule'], ['/tasks?due=someday', 'due'], ['/tasks?due_from=31/12/2026', 'due_from'], ['/tasks?role=boss', 'role'],
    ['/tasks?body=KHONG-CO', 'body'], ['/tasks?findings=all', 'findings'], ['/tasks?after=x', 'after'], ['/tasks?as-of=today', 'as_of'],
    ['/targets?measure=weight', 'measure'], ['/duties?schedule=x', 'schedule'], ['/duties?body=KHONG-CO', 'body'],
    ['/findings?rule=x', 'rule'], ['/findings?severity=x', 'severity'], ['/programmes?due=x', 'due'], ['/tasks/06-nq-tu.III.3.3?as-of=x', 'as_of'],
  ];
  for (const [address, field] of bad) {
    const answer = await get(address);
    assert.equal(answer.status, 400, address);
    assert.match(await answer.text(), new RegExp(`<p[^>]*>${field}: `), address);
    const problem = await fetch(new URL(address, url));
    assert.equal(problem.status, 400, address);
    assert.equal((await problem.json()).field, field, address);
  }
  assert.equal((await get('/tasks?plan=khong-co')).status, 404);
});

test('long lists go on to their end and back to their start', async (t) => {
  const { page } = await started(t);
  const seen = [];
  let html = await page('/findings'), pages = 1;
  const n = Number(/^\d+/.exec(headline(html))[0]);
  for (;; pages++) {
    seen.push(...[...html.matchAll(/<tr><td[^>]*class="ref"/g)]);
    if (!html.includes('rel="next"')) break;
    html = await page(link(html, 'Xem tiếp'));
    assert.equal(link(html, 'Về đầu danh sách'), '/findings');
  }
  assert.equal(seen.length, n);
  assert.equal(pages, Math.ceil(n / 50));
  const errors = await page('/findings?severity=error');
  assert.equal([...errors.matchAll(/Phải xử lý<\/span><\/span>/g)].length, Number(/^\d+/.exec(headline(errors))[0]));
});

test('targets and duties are filtered', async (t) => {
  const { page } = await started(t);
  const targets = await page('/targets'), duties = await page('/duties');
  assert.equal(headline(targets), '47 mục tiêu, trong đó 6 mục tiêu mô tả');
  assert.equal(rows(await page(filled(targets, { part: 'II.1.1' }))).length, 6);
  assert.equal(rows(await page(filled(targets, { measure: 'rank' }))).length, 2);
  assert.equal(rows(await page(filled(targets, { unit: '% GRDP', by: '2045' }))).length, 1);
  assert.equal(headline(duties).split(':')[0], '30 trách nhiệm');
  const half = await page(filled(duties, { schedule: 'half_yearly' }));
  assert.deepEqual(rows(half), ['V.8.3']);
  assert.match(half, /6 tháng một lần/);
});

test('one task, programme, target: what it asks, of whom, by when, and what is wrong with it', async (t) => {
  const { page, url, get, store } = await started(t);
  const task = await page('/tasks/06-nq-tu.III.3.3');
  assert.match(task, /30\/11\/2026/);
  assert.match(task, /Có ngày phải xong/);
  assert.match(task, /“Hoàn thành trước tháng 12\/2026”/);
  assert.match(task, /href="\/plans\/06-nq-tu\/clauses\/III\.3\.3"/);
  assert.match(task, /href="\/orgs\/DU-UBND">Đảng ủy Ủy ban nhân dân tỉnh</);
  assert.equal((await get('/orgs/DU-UBND')).status, 200);
  const fund = await page('/tasks/06-nq-tu.III.2.6');
  assert.match(fund, /Phải xử lý/);
  assert.match(fund, /href="\/plans\/06-nq-tu\/clauses\/II\.1\.3-5"/);
  const programme = await page('/programmes/06-nq-tu.IV.4');
  for (const part of ['Mục tiêu', 'Định hướng', 'Kết quả cần đạt', 'Trong một giai đoạn']) assert.ok(programme.includes(part), part);
  const target = await page('/targets/06-nq-tu.II.1.3-2');
  assert.match(target, /<p class="big">\s*trên 40 %/);
  assert.match(target, /<mark class="hl">40\s?%<\/mark>/);
  const range = await page('/targets/06-nq-tu.II.1.4-8');
  assert.match(range, /từ 30 đến 35 % GRDP/);
  const fiveG = await page('/targets/06-nq-tu.III.3.1b');
  assert.match(fiveG, /href="\/targets\/06-nq-tu\.II\.1\.4-5a"/);
  const data = await (await fetch(new URL('/tasks/06-nq-tu.III.3.3', url))).json();
  assert.equal(data.schedule.due, '2026-11-30');
  assert.deepEqual(data, await json(['call', 'task.get', '--id', '06-nq-tu.III.3.3', '--store', store, '--format', 'json']));
  for (const none of ['/tasks/06-nq-tu.IV.1', '/programmes/06-nq-tu.III.3.3', '/tasks/x', '/targets/06-nq-tu.III.3.1']) assert.equal((await get(none)).status, 404, none);
});

test('a past or coming day can be asked for, and the page says so', async (t) => {
  const { page, get } = await started(t);
  const end = await page('/tasks?as-of=2036-12-31');
  assert.match(end, /Trạng thái tại 31\/12\/2036/);
  assert.match(headline(end), /16 đã qua hạn/);
  assert.match(filled(end, {}), /as-of=2036-12-31/);
  assert.match(link(end, 'Chưa có hạn'), /as-of=2036-12-31/);
  assert.equal(link(end, 'Xem hiện tại'), '/tasks');
  assert.match(await page('/tasks/06-nq-tu.III.3.3?as-of=2036-12-31'), /Trạng thái tại 31\/12\/2036/);
  assert.equal((await get('/tasks/06-nq-tu.III.3.3?as-of=2020-01-01')).status, 404);
  assert.equal(headline(await page('/tasks?as-of=2020-01-01')), '0 nhiệm vụ');
});

test('several plans stand in one list, each row saying which', async (t) => {
  const { folder, store, page } = await started(t);
  const other = path.join(folder, 'khac.md');
  fs.writeFileSync(other, '# Kế hoạch chuyển đổi số\n\nSố: 12-KH/TU\n\nI. NHIỆM VỤ\n\n1. Lập cổng dữ liệu của tỉnh.\n\n- Cơ quan chủ trì: Sở Nội vụ.\n\n' +
    '- Thời gian thực hiện: Trước ngày 30/6/2026.\n');
  const made = await run(['plan', 'load', other, '--store', store]);
  assert.equal(made.status, 0, made.stderr);
  const all = await page('/tasks');
  assert.equal(headline(all).split(':')[0], '44 nhiệm vụ');
  assert.match(all, /<select [^>]*name="plan">/);
  const slug = /<option value="([^"]*)"[^>]*>Kế hoạch chuyển đổi số<\/option>/.exec(all)[1];
  assert.equal(rows(await page(filled(all, { plan: slug }))).length, 1);
});

test('English says the same', async (t) => {
  const { page } = await started(t);
  assert.match(headline(await page('/tasks?lang=en')), /^43 tasks/);
  assert.match(await page('/tasks?schedule=half_yearly&lang=en'), /Every six months<\/b>/);
  assert.match(await page('/targets/06-nq-tu.II.1.3-2?lang=en'), /more than 40 %/);
  assert.match(await page('/findings?rule=no_product&lang=en'), /No product is named/);
  assert.match(await page('/findings?rule=no_product'), /Chưa nêu sản phẩm/);
});
