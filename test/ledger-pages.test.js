'use strict';
// The ledger as people read it, in a real browser with and without script: who did what, the chain of one clause with what each
// version changed, one event, the verification, and the signed roots that anybody may read. On PostgreSQL as well
// (HOALU_TEST_POSTGRES).

const { test, before, after } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { run, root } = require('./lib/hoalu.js');
const { csv } = require('./lib/csv.js');
const { server } = require('./lib/store.js');
const { serve } = require('./lib/serve.js');
const { Hall, picture, fits, axe, widths } = require('./browser/browser.js');

const source = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');
const ends = [], t = { after: (end) => ends.push(end) };
const hall = new Hall();

async function done(...words) {
  const made = await run([...words, '--store', hall.store], { env: { HOALU_KEY: path.join(hall.folder, 'key') } });
  assert.equal(made.status, 0, made.stderr);
  return made.stdout;
}
// Event 1 loads the bodies, 2 approves the plan, 3 approves it with another deadline for III.3.3 and III.6.2, 4 and 5 add an
// account and hand out its link, 6 and 7 are the seal.
before(async () => {
  await hall.open();
  const later = path.join(hall.folder, path.basename(source));
  fs.writeFileSync(later, fs.readFileSync(source, 'utf8').replace(/trước tháng 12\/2026/gi, 'trước tháng 3/2027'));
  await done('plan', 'load', later);
  await done('user', 'add', 'van-thu', '--role', 'office', '--full-name', 'Trần Thị Văn Thư', '--email', 'vanthu@example.vn');
  await done('ledger', 'seal');
});
after(async () => {
  for (const end of ends.reverse()) await end();
  await hall.close();
});

function journey(name, work) {
  for (const js of [true, false])
    for (const width of server ? [js ? 1366 : 390] : widths)
      test(`${name} (${width} px, ${js ? 'with' : 'without'} script)`, () => hall.visit({ js, width }, work));
}
const text = (locator) => locator.innerText();
const heading = (page) => text(page.getByRole('heading', { level: 1 }));
const sound = async (page, name) => {
  await fits(page);
  await picture(page, name);
  if (page.options.js && !server) assert.deepEqual(await axe(page), [], page.url());
};
const json = async (page) => {
  const address = new URL(page.url());
  const answer = await fetch(`${address.origin}${address.pathname}.json${address.search}`);
  assert.equal(answer.status, 200, page.url());
  return answer.json();
};

journey('the ledger says who did what, and a filter leaves what fits', async (page) => {
  await page.goto('/plans');
  await page.getByRole('contentinfo').getByRole('link', { name: 'Sổ cái', exact: true }).click();
  await page.waitForURL('**/ledger');
  assert.match(await heading(page), /^Sổ cái có \d+ sự kiện/);
  const rows = page.locator('main tbody tr');
  const data = await json(page);
  assert.equal(await rows.count(), data.items.length, 'as many as a program gets');
  const said = await rows.allInnerTexts();
  assert.match(said.at(-2), /Dòng lệnh trên máy chủ đã phê duyệt kế hoạch 06-nq-tu/);
  assert.match(said.at(-1), /đã nạp danh mục cơ quan/);
  await sound(page, 'ledger');
  const form = page.getByRole('form', { name: 'Lọc danh sách' });
  if (page.options.width < 860) await page.locator('main summary').first().click();
  await form.getByLabel('Tên đăng nhập').fill('cli');
  await form.getByLabel('Thao tác').selectOption('Phê duyệt kế hoạch');
  if (!page.options.js || page.options.width < 860) await form.getByRole('button', { name: 'Lọc' }).click();
  await page.waitForURL('**kind=plan.approve**');
  assert.equal(await rows.count(), 2);
  for (const row of await rows.allInnerTexts()) assert.match(row, /phê duyệt/);
  await page.getByRole('link', { name: 'Bỏ mọi điều kiện lọc' }).click();
  await page.waitForURL('**/ledger');
  // Nothing of that kind on a day long ago.
  await page.goto('/ledger?to=2020-01-01');
  assert.match(await text(page.locator('main')), /Không có dòng nào/);
});

journey('the chain of one clause: each version with what it changed', async (page) => {
  await page.goto('/plans/06-nq-tu/clauses/III.3.3');
  await page.getByRole('link', { name: 'Lịch sử của mục này' }).click();
  await page.waitForURL('**/ledger?subject=plans/06-nq-tu/III.3.3');
  assert.equal(await heading(page), 'Lịch sử của mục III.3.3 của kế hoạch 06-nq-tu');
  const rows = page.locator('main section');
  assert.equal(await rows.count(), 2, 'approved, and approved with another deadline');
  // "Trước tháng 12/2026" is due on 30 November, "trước tháng 3/2027" on 28 February.
  const first = rows.first();
  assert.match(await text(first.locator('del').last()), /30\/11\/2026/);
  assert.match(await text(first.locator('ins').last()), /28\/02\/2027/);
  assert.doesNotMatch(await text(first), /III\.6\.2/, 'what else that version changed is not this clause');
  await sound(page, 'ledger-chain');
  await page.goto('/ledger?subject=plans/06-nq-tu/III.3.4');
  assert.equal(await rows.count(), 1, 'the next clause did not change');
  // What stands under III.6 changed, so III.6 did.
  await page.goto('/ledger?subject=/plans/06-nq-tu/clauses/III.6');
  assert.equal(await rows.count(), 2);
});

journey('an event tells what it changed, what was recorded, and the seal that covers it', async (page) => {
  const { items } = await (await fetch(`${hall.url}/ledger.json?order=oldest&kind=plan.approve`)).json();
  await page.goto(`/ledger/${items[1].position}`);
  assert.equal(await heading(page), 'Dòng lệnh trên máy chủ đã phê duyệt kế hoạch 06-nq-tu');
  const main = await text(page.locator('main'));
  for (const part of ['III.3.3', 'III.6.2', 'Được niêm phong đến vị trí', items[1].chain, items[1].payload_hash]) assert.ok(main.includes(part), part);
  await sound(page, 'ledger-event');
  // Its changes as data: both tasks' deadlines.
  const changes = await (await fetch(`${hall.url}/ledger/${items[1].position}/changes.json`)).json();
  assert.deepEqual(changes.items.filter((x) => x.field === 'schedule.due').map((x) => [x.path, x.before, x.after]),
    [['III.3.3', '2026-11-30', '2027-02-28'], ['III.6.2', '2026-11-30', '2027-02-28']]);
  await page.getByRole('link', { name: 'Sự kiện trước' }).click();
  await page.waitForURL(`**/ledger/${items[1].position - 1}`);
  const gone = await page.goto('/ledger/1000000');
  assert.equal(gone.status(), 404);
});

journey('a person is named, and what an account was given is told by field', async (page) => {
  await page.goto('/ledger?subject=users/van-thu');
  const main = await text(page.locator('main'));
  for (const part of ['đã thêm tài khoản van-thu', 'Trần Thị Văn Thư', 'vanthu@example.vn']) assert.ok(main.includes(part), part);
  await sound(page, 'ledger-account');
});

journey('the ledger is verified at a press', async (page) => {
  await page.goto('/ledger/verify');
  assert.match(await heading(page), /^Sổ cái được niêm phong đến vị trí \d+ trên \d+/);
  await sound(page, 'ledger-verify');
  const { items } = await (await fetch(`${hall.url}/public/seals.json`)).json();
  await page.getByLabel('Gốc đã công bố').fill(items[0].root);
  await page.getByRole('button', { name: 'Kiểm tra toàn bộ ngay' }).click();
  await page.waitForFunction(() => /nguyên vẹn/.test(document.querySelector('h1').textContent));
  assert.match(await heading(page), /^Sổ cái nguyên vẹn: \d+ sự kiện, 1 niêm phong/);
  await fits(page);
  await page.goto('/ledger/verify');
  await page.getByLabel('Gốc đã công bố').fill(items[0].root.replace(/.$/, (last) => (last === '0' ? '1' : '0')));
  await page.getByRole('button', { name: 'Kiểm tra toàn bộ ngay' }).click();
  await page.waitForFunction(() => /không nguyên vẹn/.test(document.querySelector('h1').textContent));
});

journey('the roots are shown with what they prove and how to check', async (page) => {
  await page.goto('/public/seals');
  assert.equal(await heading(page), 'Gốc của sổ cái, ký mỗi ngày một lần: 1 ngày');
  const { items } = await json(page);
  const main = await text(page.locator('main'));
  assert.ok(main.includes(items[0].root) && main.includes(items[0].key));
  assert.ok(main.includes(`--root ${items[0].root}`), 'the command can be copied');
  const sheet = csv(await (await fetch(`${hall.url}/public/seals.csv`)).text());
  assert.equal(sheet[1][sheet[0].indexOf('root')], items[0].root);
  assert.equal((await fetch(`${hall.url}/public/seals.xlsx`)).status, 200);
  await sound(page, 'seals');
});

test('in English as well', () => hall.visit({ lang: 'en' }, async (page) => {
  await page.goto('/ledger');
  assert.match(await heading(page), /^The ledger has \d+ events: who did what, and when/);
  assert.match(await text(page.locator('main tbody tr').last()), /The command line of the server loaded the catalogue of bodies, groups and areas/);
  await sound(page, 'ledger');
  await page.goto('/ledger?subject=plans/06-nq-tu/III.3.3');
  assert.equal(await heading(page), 'The history of clause III.3.3 of plan 06-nq-tu');
  await page.goto('/ledger/verify');
  await sound(page, 'ledger-verify');
  await page.goto('/public/seals');
  assert.match(await heading(page), /signed once a day: 1 day$/);
  await sound(page, 'seals');
}));

// What a citizen holds in his hand proves the exported file, offline.
test('a root from the page proves an exported ledger, and no other does', async () => {
  const { items } = await (await fetch(`${hall.url}/public/seals.json`)).json();
  const file = path.join(hall.folder, 'ledger.jsonl');
  await done('ledger', 'export', file);
  assert.equal((await run(['ledger', 'verify', file, '--root', items[0].root])).status, 0);
  const other = items[0].root.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  assert.equal((await run(['ledger', 'verify', file, '--root', other])).status, 1);
});

test('without signing in the roots are read, and the ledger is not', async () => {
  const closed = await serve(t, hall.store, [], { HOALU_KEY: path.join(hall.folder, 'key') }, { signIn: true });
  const ask = (address, accept) => fetch(new URL(address, closed.url), { headers: { accept }, redirect: 'manual' });
  assert.equal((await ask('/public/seals', 'text/html')).status, 200);
  assert.equal((await ask('/public/seals.json', '*/*')).status, 200);
  for (const address of ['/ledger.json', '/ledger.csv', '/ledger/1.json', '/ledger/1/changes.json'])
    assert.equal((await ask(address, '*/*')).status, 401, address);
  for (const address of ['/ledger', '/ledger/1', '/ledger/verify']) {
    const answer = await ask(address, 'text/html');
    assert.ok(answer.status >= 302 && answer.status <= 401, `${address}: ${answer.status}`);
    assert.doesNotMatch(await answer.text(), /van-thu|phê duyệt/, address);
  }
  assert.equal(await closed.stop(), 0);
});

// The server seals by itself at its start, for nothing was sealed before.
test('a server makes the root of the day by itself', async () => {
  const store = path.join(hall.folder, 'own.db'), env = { HOALU_KEY: path.join(hall.folder, 'own.key') };
  assert.equal((await run(['org', 'load', '--store', store])).status, 0);
  const own = await serve(t, store, [], env, { seal: true });
  for (let i = 0; ; i++) {
    const { items } = await (await fetch(`${own.url}/public/seals.json`)).json();
    if (items.length === 1) break;
    assert.ok(i < 50, 'no root within five seconds');
    await new Promise((next) => setTimeout(next, 100));
  }
  const { items } = await (await fetch(`${own.url}/ledger.json?kind=ledger.seal`)).json();
  assert.deepEqual(items.map((e) => e.actor), ['system']);
  assert.equal(await own.stop(), 0);
});
