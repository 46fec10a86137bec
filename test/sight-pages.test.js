'use strict';
// How open a clause is, said and changed in a real browser without script: by a planner, and not by whoever only reads.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { run, temporary } = require('./lib/hoalu.js');
const { serve } = require('./lib/serve.js');
const { newStore } = require('./lib/store.js');
const { Visitor } = require('./lib/visitor.js');
const { launch, picture, fits, axe } = require('./browser/browser.js');

const PASSWORD = 'đường về Hoa Lư', SLUG = '06-nq-tu';
const clause = (p) => `/plans/${SLUG}/clauses/${p}`;
const send = (page) => Promise.all([page.waitForNavigation(), page.click('#mark button')]);

test('a planner says how open a clause is, and the rest of the house sees what follows', { timeout: 180000 }, async (t) => {
  const folder = temporary(t), store = newStore(t, folder);
  const hoalu = async (...words) => {
    const r = await run([...words, '--store', store]);
    assert.equal(r.status, 0, r.stderr);
    return r.stdout;
  };
  await hoalu('org', 'load');
  await hoalu('plan', 'load', 'data/plans/ninh-binh-06-nq-tu.md');
  const links = {};
  for (const [who, role, name] of [['ke.hoach', 'planner', 'Lê Thị Hoa'], ['xem', 'viewer', 'Trần An']])
    links[who] = /welcome\/([\w-]{43})/.exec(await hoalu('user', 'add', who, '--role', role, '--full-name', name))[1];
  const { url } = await serve(t, store, [], { HOALU_KEY: path.join(folder, 'key') }, { signIn: true });
  const chromium = await launch();
  t.after(() => chromium.close());
  const context = await chromium.newContext({ viewport: { width: 1366, height: 768 }, locale: 'vi-VN', javaScriptEnabled: false });
  const page = await context.newPage();
  page.options = { width: 1366, lang: 'vi' };
  await page.goto(`${url}/welcome/${links['ke.hoach']}`);
  await page.fill('#password', PASSWORD);
  await page.fill('#again', PASSWORD);
  await Promise.all([page.waitForNavigation(), page.click('form.mend button')]);
  const viewer = await new Visitor(url).welcome(`/welcome/${links.xem}`, PASSWORD);

  // Nothing was decided yet: internal, for everybody to read, and for the planner alone to change.
  await page.goto(url + clause('II.1.4'));
  assert.match(await page.textContent('#mark p'), /Nội bộ, mặc định/);
  const plain = await viewer.page(clause('II.1.4'));
  assert.equal(plain.status, 200);
  assert.ok(!plain.text.includes('id="mark"') && !plain.text.includes('/classify'), 'whoever reads has no form');
  const whole = (await viewer.page(`/plans/${SLUG}`)).text;
  assert.ok(!whole.includes('/marks"') && whole.includes(`${clause('II.1.4-5')}"`));
  assert.equal((await viewer.page(`/plans/${SLUG}/marks`)).status, 403);
  const sent = { level: 'restricted', reason: 'tự ý' };
  assert.equal((await viewer.send(`${clause('II.1.4')}/classify`, sent)).status, 403);
  assert.equal((await viewer.send(`/plans/${SLUG}/marks`, sent)).status, 403);

  // More open than the plan: refused beside the field, and what was typed stays.
  await page.selectOption('#level', 'public');
  await page.fill('#reason', 'để <b>ai</b> cũng đọc');
  await send(page);
  assert.match(await page.textContent('.field--error:has(#level) [role=alert]'), /mở hơn kế hoạch/);
  assert.equal(await page.inputValue('#level'), 'public');
  assert.equal(await page.inputValue('#reason'), 'để <b>ai</b> cũng đọc');
  assert.match(await page.textContent('#mark p'), /Nội bộ/);
  await page.fill('#reason', '   ');
  await page.selectOption('#level', 'restricted');
  await send(page);
  assert.match(await page.textContent('.field--error:has(#reason) [role=alert]'), /Cần nêu lý do/);
  for (const width of [1366, 390]) {
    await page.setViewportSize({ width, height: 800 });
    page.options.width = width;
    await fits(page);
    await picture(page, 'mark-refused');
  }

  // Restricted: it says so, and is gone for whoever may not see it, with what stands below it.
  await page.fill('#reason', 'đang <b>rà soát</b>');
  await send(page);
  assert.equal(new URL(page.url()).pathname, clause('II.1.4'));
  assert.match(await page.textContent('#mark p'), /Hạn chế, đặt cho chính mục này/);
  const gone = await viewer.page(clause('II.1.4'));
  assert.equal(gone.status, 404);
  assert.ok(!(await viewer.page(`/plans/${SLUG}`)).text.includes(clause('II.1.4-')));
  await page.goto(url + clause('II.1.4-5'));
  const below = await page.textContent('#mark p');
  assert.match(below, /Hạn chế, theo mục II\.1\.4 bên trên/);
  assert.equal((await viewer.page(clause('II.1.4-5'))).status, 404);

  // Its list: what, how, why, who.
  await page.goto(`${url}/plans/${SLUG}`);
  await Promise.all([page.waitForNavigation(), page.click(`a[href="/plans/${SLUG}/marks"]`)]);
  const row = page.locator('table tbody tr');
  assert.equal(await row.count(), 1);
  for (const part of ['II.1.4', 'Hạn chế', 'đang <b>rà soát</b>', 'Lê Thị Hoa'])
    assert.ok((await row.textContent()).includes(part), part);
  assert.match(await page.textContent('#mark p'), /Nội bộ, mặc định/);
  await page.fill('#reason', 'đã công bố trên cổng thông tin');
  await page.selectOption('#level', 'public');
  await send(page);
  assert.match(await page.textContent('#mark p'), /Công khai, đặt cho cả kế hoạch/);
  assert.equal(await row.count(), 2);
  for (const width of [1366, 390]) {
    await page.setViewportSize({ width, height: 800 });
    page.options.width = width;
    await fits(page);
    await picture(page, 'marks');
    await page.goto(url + clause('II.1.4'));
    await picture(page, 'mark-clause');
    await page.goto(`${url}/plans/${SLUG}/marks`);
  }
  await page.goto(url + clause('IV.2'));
  assert.match(await page.textContent('#mark p'), /Công khai, đặt cho cả kế hoạch/);
  const scripted = await (await chromium.newContext({ storageState: await context.storageState(), bypassCSP: true })).newPage();
  for (const where of [clause('IV.2'), `/plans/${SLUG}/marks`]) {
    await scripted.goto(url + where);
    assert.deepEqual(await axe(scripted), [], where);
  }
  // As English has it.
  await page.goto(`${url}${clause('IV.2')}?lang=en`);
  assert.match(await page.textContent('#mark p'), /Public, set for the whole plan/);

  // The planner's reading of what is restricted was logged; nobody else has read any.
  const log = JSON.parse(await hoalu('call', 'access.log', '--plan', SLUG, '--limit', '1000', '--format', 'json')).items;
  assert.ok(log.some((r) => r.path === 'II.1.4' && r.how === clause('II.1.4')), 'the clause');
  assert.ok(log.some((r) => r.path === 'II.1.4' && r.how === `/plans/${SLUG}/marks`), 'and the list that names it');
  assert.ok(log.every((r) => r.account === 'ke.hoach'));

  // What is not there is not there to be marked.
  const planner = await new Visitor(url);
  await planner.signIn('ke.hoach', PASSWORD);
  assert.equal((await planner.send(`${clause('IX.9')}/classify`, sent)).status, 404);
  assert.equal((await planner.send('/plans/khong-co/marks', sent)).status, 404);
  assert.equal((await planner.send(`${clause('IV.2')}/classify`, { level: 'mật', reason: 'x' })).status, 400);
  // Without the mark of the session nothing changes.
  assert.equal((await planner.post(`${clause('IV.2')}/classify`, sent)).status, 403);
  assert.equal((await viewer.page(clause('IV.2'))).status, 200);
});
