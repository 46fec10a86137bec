'use strict';
// Figures coming in, in a real browser, by people who have signed in: what a reporter of one commune enters, mistypes, mends and
// saves; whom they may not enter for; two who change one figure; the office for a body without anybody; a wrong file and a right
// one; a batch taken back; sources that differ. Everything works without script; with it the arrows go through the grid.

const { test, before, after } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { run, temporary } = require('./lib/hoalu.js');
const { newStore } = require('./lib/store.js');
const { serve } = require('./lib/serve.js');
const { launch, picture, fits, axe } = require('./browser/browser.js');
const { valid } = require('./browser/valid.js');

const PASSWORD = 'đường về Hoa Lư';
const ends = [], later = { after: (end) => ends.push(end) };
let folder, url, chromium, store;
const links = {};

// The year that runs in Vietnam, and two communes.
const year = new Date(Date.now() + 7 * 3600e3).getUTCFullYear();
let here, other;

const hoalu = async (...words) => {
  const r = await run([...words, '--store', store]);
  assert.equal(r.status, 0, `${words.join(' ')}: ${r.stderr}`);
  return r.stdout;
};

before(async () => {
  folder = temporary(later);
  store = newStore(later, folder);
  await hoalu('org', 'load');
  await hoalu('indicator', 'load');
  const areas = JSON.parse(await hoalu('call', 'area.list', '--kind', 'commune', '--limit', '2', '--format', 'json')).items;
  [here, other] = areas.map((a) => a.code);
  const people = [['th.xa', 'reporter', `UBND-${here}`], ['th.xa2', 'approver', `UBND-${here}`], ['th.khac', 'reporter', `UBND-${other}`], ['vp', 'office'], ['thongke', 'reporter', 'THONGKE']];
  for (const [name, role, org] of people)
    links[name] = /welcome\/([\w-]{43})/.exec(await hoalu('user', 'add', name, '--role', role, ...(org ? ['--org', org] : [])))[1];
  ({ url } = await serve(later, store, [], { HOALU_KEY: path.join(folder, 'key') }, { signIn: true }));
  chromium = await launch();
  later.after(() => chromium.close());
}, { timeout: 120000 });
after(async () => {
  for (const end of ends.reverse()) await end();
});

const welcomed = new Set();
async function enter(name, { width = 1366, js = false, lang = 'vi', dark = false } = {}) {
  const context = await chromium.newContext({ viewport: { width, height: width === 390 ? 844 : 768 }, locale: 'vi-VN', javaScriptEnabled: js, colorScheme: dark ? 'dark' : 'light' });
  if (lang !== 'vi') await context.addCookies([{ name: 'lang', value: lang, url }]);
  context.setDefaultTimeout(15000);
  const page = await context.newPage();
  page.options = { width, lang };
  if (welcomed.has(name)) {
    await page.goto(`${url}/signin`);
    await page.fill('#name', name);
    await page.fill('#password', PASSWORD);
    await send(page, 'main button.btn');
  } else {
    await page.goto(`${url}/welcome/${links[name]}`);
    await page.fill('#password', PASSWORD);
    await page.fill('#again', PASSWORD);
    await send(page, 'form.mend button');
    welcomed.add(name);
  }
  return page;
}
const send = (page, selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);
const save = (page) => send(page, '.savebar button');
const cell = (page, code, place = here) => page.locator(`[name="v.${code}@${place}"]`);
const row = (page, code, place = here) => page.locator('tr', { has: cell(page, code, place) });
// The figure of the whole for this year, as the page that compares shows it.
async function total(page, code, period = `Năm ${year}`) {
  await page.goto(`${url}/indicators/compare?indicator=${code}`);
  const line = page.locator('#table tr', { hasText: period });
  return (await line.count()) ? (await line.locator('td').first().innerText()).trim() : null;
}

test('a reporter of a commune enters, mistypes, mends and saves, and sees it in the total of the province', { timeout: 120000 }, async () => {
  const page = await enter('th.xa', { width: 390 });
  await page.goto(`${url}/entry`);
  assert.equal(await page.locator('#bodies tbody tr').count(), 1, 'their own body alone');
  assert.ok((await page.textContent('#bodies')).includes(`UBND-${here}`));
  await fits(page);
  await picture(page, 'entry');
  await page.goto(`${url}/entry/UBND-${here}/${year}`);
  await cell(page, 'HT-IOTT').fill('3.052');
  await cell(page, 'DT-TN').fill('1.234');
  await row(page, 'HT-IOTT').locator('.tick').check();
  await save(page);
  // One is counted in whole numbers, the other may be a thousand times another: nothing is saved, and all that was typed stays.
  assert.equal(await page.locator('#problems li').count(), 1);
  assert.match(await page.textContent('#problems h2'), /^1 ô phải sửa/);
  const wrong = row(page, 'DT-TN');
  assert.equal(await cell(page, 'DT-TN').getAttribute('aria-invalid'), 'true');
  assert.match(await wrong.locator('.err').textContent(), /“1\.234” có thể đọc hai cách: viết 1234 .* viết 1,2340/);
  assert.equal(await cell(page, 'DT-TN').inputValue(), '1.234');
  assert.equal(await cell(page, 'HT-IOTT').inputValue(), '3.052');
  assert.ok(await row(page, 'HT-IOTT').locator('.tick').isChecked());
  await fits(page);
  await picture(page, 'entry-wrong');
  assert.deepEqual(await valid(await page.content()), []);
  await page.locator('#problems li a').click();
  assert.ok(await cell(page, 'DT-TN').evaluate((e) => e === document.querySelector(':target')));
  assert.equal(await total(page, 'HT-IOTT'), null, 'nothing was saved');
  await page.goto(`${url}/entry/UBND-${here}/${year}`);
  await cell(page, 'HT-IOTT').fill('3.052');
  await row(page, 'HT-IOTT').locator('.tick').check();
  await cell(page, 'DT-TN').fill('1.234,5');
  await save(page);
  assert.match(await page.textContent('#saved'), /Đã lưu 2 số liệu/);
  assert.equal(await cell(page, 'DT-TN').inputValue(), '1.234,5');
  await fits(page);
  await picture(page, 'entry-saved');
  assert.equal(await total(page, 'HT-IOTT'), '3.052 công trình');
  // Saved again as it is, nothing happens.
  await page.goto(`${url}/entry/UBND-${here}/${year}`);
  await save(page);
  assert.match(await page.textContent('#saved'), /Không có gì thay đổi/);
});

test('a figure of another commune is not theirs to enter, by page or by program', { timeout: 60000 }, async () => {
  const page = await enter('th.xa');
  for (const place of [`UBND-${other}`, other, '37']) {
    const r = await page.goto(`${url}/entry/${place}/${year}`);
    assert.equal(r.status(), 403, place);
  }
  const token = (await hoalu('token', 'add', 'th.xa', '--scope', 'read,enter')).trim();
  const call = (set) => fetch(`${url}/api/value.enter`, {
    method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ period: String(year), set: [set] }),
  });
  const refused = await call(`HT-IOTT@${other}=9`), text = await refused.text();
  assert.ok(refused.status >= 400 && refused.status < 500, text);
  assert.match(text, /Không được nhập số cho nơi này/);
  const taken = await call(`NN-MV@${here}=1.234`);
  assert.equal(taken.status, 200, await taken.text());
  await page.goto(`${url}/entry/UBND-${here}/${year}`);
  assert.equal(await cell(page, 'NN-MV').inputValue(), '1.234', 'a thousand of them, not one and a bit');
});

test('an official figure is corrected with a reason, and two who change one see both figures', { timeout: 60000 }, async () => {
  const one = await enter('th.xa'), two = await enter('th.xa2');
  await one.goto(`${url}/entry/UBND-${here}/${year}`);
  await two.goto(`${url}/entry/UBND-${here}/${year}`);
  await cell(one, 'DT-TN').fill('1.240,5');
  await save(one);
  assert.match(await row(one, 'DT-TN').locator('.err').textContent(), /lý do/);
  await row(one, 'DT-TN').getByLabel('Lý do sửa số chính thức').fill('Đo lại địa giới');
  await save(one);
  assert.match(await one.textContent('#saved'), /Đã lưu 1 số liệu/);
  await cell(two, 'DT-TN').fill('1.239,5');
  await row(two, 'DT-TN').locator('summary').click();
  await row(two, 'DT-TN').getByLabel('Lý do sửa số chính thức').fill('Theo quyết định');
  await save(two);
  const told = await row(two, 'DT-TN').locator('.err').textContent();
  assert.match(told, /th\.xa vừa ghi 1\.240,5/);
  assert.equal(await cell(two, 'DT-TN').inputValue(), '1.239,5', 'their own stays');
  await save(two);
  assert.match(await two.textContent('#saved'), /Đã lưu 1 số liệu/);
});

test('what jumps is asked about, and saved once it is said to be right', { timeout: 60000 }, async () => {
  const page = await enter('th.xa');
  await page.goto(`${url}/entry/UBND-${here}/${year - 1}-S2`);
  await cell(page, 'DS-TB').fill('10000');
  await save(page);
  if (await page.locator('#problems').count()) {
    await row(page, 'DS-TB').getByLabel('Số này đúng').check();
    await save(page);
  }
  assert.match(await page.textContent('#saved'), /Đã lưu 1 số liệu/);
  await page.goto(`${url}/entry/UBND-${here}/${year}-S1`);
  assert.equal((await row(page, 'DS-TB').locator('td').first().innerText()).trim(), '10.000', 'the half-year before stands beside it');
  await cell(page, 'DS-TB').fill('100.000');
  await save(page);
  assert.match(await page.textContent('#problems h2'), /1 ô nên xem lại/);
  await picture(page, 'entry-warning');
  await row(page, 'DS-TB').getByLabel('Số này đúng').check();
  await save(page);
  assert.match(await page.textContent('#saved'), /Đã lưu 1 số liệu/);
});

test('the office enters for a body that has nobody, and the ledger says for whom', { timeout: 60000 }, async () => {
  const page = await enter('vp');
  await page.goto(`${url}/entry`);
  assert.ok((await page.locator('#bodies tbody tr').count()) > 100);
  await page.goto(`${url}/entry/UBND-${other}/${year}`);
  assert.match(await page.textContent('form.grid'), /bạn nhập thay cho/);
  await cell(page, 'HT-IOTT', other).fill('48');
  await save(page);
  assert.match(await page.textContent('#saved'), /Đã lưu 1 số liệu/);
  assert.equal(await total(page, 'HT-IOTT'), '3.100 công trình');
  await page.goto(`${url}/values/batches`);
  const first = page.locator('#batches tbody tr').first();
  assert.match(await first.textContent(), /vp \(Ủy ban nhân dân /);
  const event = JSON.parse(await hoalu('call', 'ledger.list', '--limit', '100', '--format', 'json')).items.find((e) => e.kind === 'value.enter' && e.actor === 'vp');
  assert.deepEqual([event.actor, event.behalf], ['vp', `orgs/UBND-${other}`]);
  // And one indicator over all communes at once.
  await page.goto(`${url}/indicators/HT-IOTT/entry/${year}`);
  assert.equal(await cell(page, 'HT-IOTT', here).inputValue(), '3.052');
  assert.equal(await cell(page, 'HT-IOTT', other).inputValue(), '48');
});

test('a wrong file names row and cell and changes nothing; a right one is previewed, loaded, and taken back', { timeout: 60000 }, async () => {
  const page = await enter('th.xa'), wrong = path.join(folder, 'sai.csv'), right = path.join(folder, 'đúng.csv');
  fs.writeFileSync(wrong, `indicator,place,period,value\nHT-IOTT,${here},${year},abc\nHT-IOTT,${other},${year},5\nKHONG-CO,${here},${year},7\n`);
  fs.writeFileSync(right, `indicator,place,period,value,reason\nNN-MV,${here},${year},1300,Rà soát lại\n`);
  await page.goto(`${url}/values/load`);
  assert.match(await page.textContent('form#choose'), /bí mật nhà nước/i);
  await page.setInputFiles('#file', wrong);
  await send(page, '#choose button');
  assert.match(await page.textContent('h1'), /3 lỗi/);
  const told = await page.locator('#problems tbody tr').allTextContents();
  assert.ok(told.some((t) => t.includes('D2') && t.includes('abc')), told.join('\n'));
  assert.ok(told.some((t) => /C?3/.test(t) && t.includes('Không được nhập số')), told.join('\n'));
  assert.equal(await page.locator('#confirm').count(), 0);
  assert.match(Buffer.from((await page.getAttribute('a[download]', 'href')).split('base64,')[1], 'base64').toString(), /not_a_number/);
  await fits(page);
  await picture(page, 'values-load-wrong');
  assert.deepEqual(await valid(await page.content()), []);
  await page.setInputFiles('#file', right);
  await page.check('#official');
  await send(page, '#choose button');
  assert.match(await page.textContent('h1'), /1 số liệu/);
  await page.goto(`${url}/entry/UBND-${here}/${year}`);
  assert.equal(await cell(page, 'NN-MV').inputValue(), '1.234', 'a preview changes nothing');
  await page.goBack();
  await send(page, '#confirm button');
  assert.match(page.url(), /\/values\/batches\/\d+\?loaded=1/);
  const figures = page.locator('#figures tbody tr');
  assert.equal(await figures.count(), 1);
  assert.match(await figures.first().textContent(), /1\.300 vùng[^]*1\.234 vùng[^]*Rà soát lại/);
  await picture(page, 'batch');
  await page.fill('#reason', 'Nạp nhầm tệp');
  await send(page, '#undo button');
  assert.match(await page.textContent('main'), /Đã thu hồi/);
  await page.goto(`${url}/entry/UBND-${here}/${year}`);
  assert.equal(await cell(page, 'NN-MV').inputValue(), '1.234', 'as before');
  // What others brought is not theirs to look at.
  await page.goto(`${url}/values/batches`);
  assert.ok(!(await page.textContent('#batches')).includes('vp'));
});

test('two sources that differ stand side by side until somebody decides', { timeout: 60000 }, async () => {
  const page = await enter('vp'), file = path.join(folder, 'nguồn.csv');
  fs.writeFileSync(file, `indicator,place,period,value,source\nHT-IOTT,${other},${year},50,Cục Thuế\n`);
  await page.goto(`${url}/values/load`);
  await page.setInputFiles('#file', file);
  await send(page, '#choose button');
  await send(page, '#confirm button');
  await page.goto(`${url}/values/differing`);
  assert.match(await page.textContent('h1'), /1 số liệu có nguồn khác nhau/);
  assert.deepEqual(await valid(await page.content()), []);
  await picture(page, 'differing');
  await page.getByLabel(/50 công trình/).check();
  await page.getByLabel('Lý do chọn').fill('Cục Thuế quản lý trực tiếp');
  await send(page, 'form.decide button');
  assert.match(await page.textContent('[role=status]'), /Đã ghi quyết định/);
  assert.equal(await page.locator('form.decide').count(), 0);
  assert.equal(await total(page, 'HT-IOTT'), '3.102 công trình');
});

test('every page fits its screens, in both languages, light and dark, with script and without', { timeout: 180000 }, async () => {
  for (const [width, lang, dark] of [[1366, 'vi', false], [390, 'vi', true], [1366, 'en', true], [390, 'en', false]]) {
    const page = await enter('vp', { width, lang, dark, js: true });
    for (const where of ['/entry', `/entry/UBND-${here}/${year}`, `/entry/${here}/${year}`, `/indicators/HT-IOTT/entry/${year}`, '/values/load', '/values/batches', '/values/differing',
      '/indicators/compare', `/indicators/compare?indicator=HT-IOTT&indicator=NN-MV&place=${here}&place=${other}`]) {
      const r = await page.goto(url + where);
      assert.equal(r.status(), 200, where);
      await fits(page);
      await picture(page, `${where.replace(/\W+/g, '-')}${dark ? '-dark' : ''}`);
      assert.deepEqual(await axe(page, ['color-contrast']), [], where);
      if (!dark) {
        assert.deepEqual(await axe(page), [], where);
        assert.deepEqual(await valid(await (await page.request.get(url + where, { headers: { Accept: 'text/html' } })).text()), [], where);
      }
    }
    // As it is where something is wrong.
    await page.goto(`${url}/entry/UBND-${here}/${year}`);
    await cell(page, 'DT-TN').fill('một nghìn');
    await row(page, 'NN-MV').locator('.val input[type=text]').fill('9');
    await save(page);
    assert.equal(await page.locator('#problems').count(), 1);
    assert.deepEqual(await axe(page), []);
    await page.goto(`${url}/entry/UBND-${here}/${year}`);
    const cells = page.locator('form.grid .unit input');
    await cells.nth(0).focus();
    await page.keyboard.press('ArrowDown');
    assert.ok(await cells.nth(1).evaluate((e) => e === document.activeElement), 'the arrow goes to the next figure');
  }
});
