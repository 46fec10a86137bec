'use strict';
// Accounts in a real browser without script, by somebody who has signed in: added, given roles, closed; codes of an authenticator
// turned on and asked for; another acts for somebody.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { run, temporary } = require('./lib/hoalu.js');
const { serve } = require('./lib/serve.js');
const { launch, picture, fits, axe } = require('./browser/browser.js');

const PASSWORD = 'đường về Hoa Lư';

async function start(t) {
  const folder = temporary(t), store = path.join(folder, 's.db');
  const done = async (...words) => {
    const r = await run([...words, '--store', store]);
    assert.equal(r.status, 0, r.stderr);
    return r.stdout;
  };
  await done('org', 'load');
  const token = /welcome\/([\w-]{43})/.exec(await done('user', 'add', 'quan.tri', '--role', 'admin', '--full-name', 'Lê Văn Ba'))[1];
  const { url } = await serve(t, store, [], { HOALU_KEY: path.join(folder, 'key') }, { signIn: true });
  const chromium = await launch();
  t.after(() => chromium.close());
  const open = async (width = 1366) => {
    const context = await chromium.newContext({ viewport: { width, height: width === 390 ? 844 : 768 }, locale: 'vi-VN', javaScriptEnabled: false });
    const page = await context.newPage();
    page.options = { width, lang: 'vi' };
    return page;
  };
  const welcome = async (page, secret) => {
    await page.goto(`${url}/welcome/${secret}`);
    await page.fill('#password', PASSWORD);
    await page.fill('#again', PASSWORD);
    await Promise.all([page.waitForNavigation(), page.click('form.mend button')]);
  };
  return { folder, store, url, token, open, welcome, done };
}

// What an authenticator does (RFC 6238), by another's hand than the program's.
function totp(base32, ms) {
  const bits = [...base32].map((ch) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(ch).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(ms / 30000)));
  const mac = crypto.createHmac('sha1', key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}

const send = (page, selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);

test('an administrator adds an account, gives it roles, and closes it', async (t) => {
  const { url, token, open, welcome } = await start(t);
  const page = await open();
  await welcome(page, token);
  await page.goto(`${url}/accounts/new`);
  await page.fill('#name', 'TH SKHCN');
  await page.fill('#full_name', '<b>Nguyễn Thị Ánh</b>');
  await page.selectOption('#role', 'reporter');
  await page.fill('#org', 'SKHCN');
  await send(page, 'form.mend button');
  assert.match(await page.textContent('[role=alert]'), /chữ thường/);
  assert.equal(await page.inputValue('#org'), 'SKHCN', 'what was typed stays');
  await page.fill('#name', 'th.skhcn');
  await send(page, 'form.mend button');
  const link = /\/welcome\/([\w-]{43})/.exec(await page.textContent('[role=status]'))[1];
  assert.equal(await page.textContent('h1'), '<b>Nguyễn Thị Ánh</b>');
  await page.goto(`${url}/accounts/th.skhcn`);
  assert.ok(!(await page.content()).includes(link), 'the link is shown once');
  await page.selectOption('#role', 'approver');
  await page.fill('#org', 'SKHCN');
  await send(page, 'form.mend button');
  assert.equal(await page.locator('table tbody tr').count(), 2);

  for (const width of [1366, 390])
    for (const where of ['/accounts', '/accounts/th.skhcn', '/accounts/new', '/me', '/me/code', '/me/delegations']) {
      await page.setViewportSize({ width, height: 800 });
      page.options = { width, lang: 'vi' };
      await page.goto(url + where);
      await fits(page);
      await picture(page, `accounts${where.replaceAll('/', '-')}`);
    }
  await page.goto(`${url}/accounts?q=anh`);
  assert.equal(await page.locator('table tbody tr').count(), 1);
  await page.goto(`${url}/accounts?state=waiting&role=admin`);
  assert.equal(await page.locator('table tbody tr').count(), 0);

  // Nobody gives themselves a role, and the last administrator stays.
  await page.goto(`${url}/accounts/quan.tri`);
  await send(page, 'form:has(input[value=close]) button');
  assert.match(await page.textContent('[role=alert]'), /cuối cùng/);
  await page.selectOption('#role', 'leader');
  await send(page, 'form.mend button');
  assert.match(await page.textContent('[role=alert]'), /tự giao/);

  // Whoever is no administrator finds none of this.
  const other = await open();
  await welcome(other, link);
  assert.equal((await other.goto(`${url}/accounts`)).status(), 403);
  await page.goto(`${url}/accounts/th.skhcn`);
  await send(page, 'form:has(input[value=close]) button');
  assert.equal((await page.textContent('.head')).includes('Đã khóa'), true);
});

test('an administrator of a body sees and changes the accounts of that body alone', async (t) => {
  const { url, open, welcome, done } = await start(t);
  const add = async (name, role, ...org) => /welcome\/([\w-]{43})/.exec(await done('user', 'add', name, '--role', role, ...org.flatMap((o) => ['--org', o])))[1];
  const link = await add('qt.skhcn', 'admin', 'DU-SKHCN');
  await add('th.skhcn', 'reporter', 'DU-SKHCN');
  await add('th.snv', 'reporter', 'SNV');
  await add('hai.noi', 'reporter', 'DU-SKHCN');
  await done('call', 'user.grant', '--name', 'hai.noi', '--role', 'viewer', '--org', 'SNV');
  const token = (await done('token', 'add', 'qt.skhcn', '--scope', 'read,admin')).trim();
  const all = (await done('call', 'user.list'));
  const headers = { Authorization: `Bearer ${token}` };
  const call = (op, args) => fetch(`${url}/api/${op}`, { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(args) });

  // The list, in each form, and never kept.
  for (const form of ['json', 'csv']) {
    const r = await fetch(`${url}/accounts.${form}`, { headers }), text = await r.text();
    assert.equal(r.status, 200);
    assert.equal(r.headers.get('cache-control'), 'no-store');
    assert.equal(r.headers.get('etag'), null);
    for (const name of ['qt.skhcn', 'th.skhcn']) assert.ok(text.includes(name), name);
    for (const name of ['quan.tri', 'th.snv', 'hai.noi']) assert.ok(!text.includes(name), name);
  }
  // What is not theirs answers as what is not there.
  const nothing = (text, name) => text.replaceAll(name, 'NAME');
  for (const [op, more] of [['user.get', {}], ['user.invite', {}], ['user.disable', {}], ['user.enable', {}],
    ['user.grant', { role: 'viewer', org: 'DU-SKHCN' }], ['user.revoke', { role: 'reporter', org: 'DU-SKHCN' }]]) {
    const none = await call(op, { name: 'khong.co', ...more }), want = nothing(await none.text(), 'khong.co');
    assert.equal(none.status, 404, op);
    for (const name of ['quan.tri', 'th.snv', 'hai.noi']) {
      const r = await call(op, { name, ...more });
      assert.equal(r.status, 404, `${op} ${name}`);
      assert.equal(nothing(await r.text(), name), want);
    }
  }
  const status = async (op, args) => (await call(op, args)).status;
  assert.equal(await status('user.grant', { name: 'th.skhcn', role: 'reporter', org: 'SNV' }), 403);
  assert.equal(await status('user.grant', { name: 'th.skhcn', role: 'admin' }), 403);
  assert.equal(await status('user.add', { name: 'moi', role: 'viewer' }), 403);
  assert.equal(await status('user.erase', { name: 'th.skhcn', reason: 'x' }), 403);
  assert.equal(await status('user.import', { name: 'a.csv', text: 'name,full_name,role,org\nmoi,A,viewer,SNV\n' }), 400);
  assert.equal(await done('call', 'user.list'), all, 'nothing has changed');
  assert.equal(await status('user.grant', { name: 'th.skhcn', role: 'approver', org: 'DU-SKHCN' }), 200);

  // The same on pages.
  const page = await open();
  await welcome(page, link);
  await page.goto(`${url}/accounts`);
  assert.deepEqual(await page.locator('table tbody th').allTextContents(), ['qt.skhcn', 'th.skhcn']);
  await page.goto(`${url}/accounts?q=snv`);
  assert.equal(await page.locator('table tbody tr').count(), 0);
  const body = async (name) => {
    const r = await page.goto(`${url}/accounts/${name}`);
    assert.equal(r.status(), 404, name);
    return nothing(await page.textContent('main'), name);
  };
  const none = await body('khong.co');
  for (const name of ['quan.tri', 'th.snv', 'hai.noi']) assert.equal(await body(name), none);
  await page.goto(`${url}/accounts/th.skhcn`);
  await page.selectOption('#role', 'admin');
  await send(page, 'form.mend button');
  assert.match(await page.textContent('[role=alert]'), /cơ quan mình quản trị/);
  // A form that was sent to another's address, codes turned off and all.
  for (const what of ['codes', 'close', 'link']) {
    await page.goto(`${url}/accounts/th.skhcn`);
    const csrf = await page.locator('input[name=_csrf]').first().inputValue();
    const r = await page.request.post(`${url}/accounts/th.snv`, { form: { _csrf: csrf, do: what }, headers: { Origin: url, Accept: 'text/html' } });
    assert.equal(r.status(), 404, what);
  }
});

test('a table of accounts is shown before it is taken in, and what was shown is what is done', async (t) => {
  const { url, token, open, welcome, done } = await start(t);
  const page = await open();
  await welcome(page, token);
  const choose = async (text, name = 'bảng.csv') => {
    await page.goto(`${url}/accounts/import`);
    await page.setInputFiles('#file', { name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.check('input[name=links]');
    await send(page, '#choose button');
  };
  const count = async () => JSON.parse(await done('call', 'user.list', '--format', 'json')).items.length;
  const look = async (name) => {
    for (const width of [1366, 390]) {
      await page.setViewportSize({ width, height: 800 });
      page.options = { width, lang: 'vi' };
      await fits(page);
      await picture(page, `accounts-import-${name}`);
    }
  };
  await page.goto(`${url}/accounts/import`);
  await look('empty');
  await choose('name,full_name,role,org\nth.a,Lê A,reporter,SNV\nth.b,Lê B,không,SNV\nth.c,Lê C,reporter,KHONG\n');
  assert.equal(await page.locator('#problems tbody tr').count(), 2);
  assert.deepEqual(await page.locator('#problems tbody td.num').allTextContents(), ['3', '4']);
  assert.equal(await page.locator('#confirm').count(), 0);
  await look('wrong');
  const table = 'name,full_name,role,org\nth.a,<b>Lê A</b>,reporter,SNV\nth.b,Lê B,approver,SNV\n';
  await choose(table);
  assert.deepEqual(await page.locator('#changes tbody th').allTextContents(), ['th.a', 'th.b']);
  assert.ok((await page.textContent('#changes')).includes('<b>Lê A</b>'));
  assert.equal(await count(), 1, 'nothing was done yet');
  await look('shown');
  // Somebody else was quicker: what would happen now is shown, and nothing is done.
  await done('user', 'add', 'th.b', '--role', 'viewer', '--org', 'SNV', '--full-name', 'Lê B');
  await send(page, '#confirm button');
  assert.match(await page.textContent('[role=alert]'), /đã thay đổi/);
  assert.equal(await count(), 2);
  await send(page, '#confirm button');
  assert.equal(await page.locator('#links tbody tr').count(), 2);
  await look('done');
  const rows = JSON.parse(await done('call', 'user.list', '--format', 'json')).items;
  assert.deepEqual(rows.filter((r) => r.name === 'th.a').map((r) => [r.full_name, r.role, r.org]), [['<b>Lê A</b>', 'reporter', 'SNV']]);
  const link = /welcome\/([\w-]{43})/.exec(await page.textContent('#links'))[1];
  const other = await open();
  await welcome(other, link);
  assert.equal((await other.goto(`${url}/accounts/import`)).status(), 403);
});

test('codes are turned on by a first code, asked for at sign-in, and each is good once', async (t) => {
  const { url, token, open, welcome } = await start(t);
  const page = await open();
  await welcome(page, token);
  await page.goto(`${url}/me/code`);
  await send(page, 'form.mend button');
  const secret = (await page.textContent('section code')).replaceAll(' ', '');
  assert.match(secret, /^[A-Z2-7]{32}$/);
  assert.equal(await page.locator('svg.qr').count(), 1);
  await picture(page, 'accounts-me-code-begun');
  await page.fill('#code', totp(secret, Date.now() - 600000));
  await send(page, 'form.mend button');
  assert.match(await page.textContent('[role=alert]'), /không đúng/);
  const first = totp(secret, Date.now());
  await page.fill('#code', first);
  await send(page, 'form.mend button');
  const codes = await page.locator('section[role=status] li').allTextContents();
  assert.equal(codes.length, 10);
  const signIn = async (code) => {
    const one = await open();
    await one.goto(`${url}/signin`);
    await one.fill('#name', 'quan.tri');
    await one.fill('#password', PASSWORD);
    await send(one, 'main form button');
    assert.ok(one.url().includes('/signin/code'), one.url());
    await one.goto(`${url}/accounts`);
    assert.ok(one.url().includes('/signin'), 'half a sign-in opens nothing');
    await one.goto(`${url}/signin/code`);
    await one.fill('#code', code);
    await send(one, 'main form button');
    return (await one.goto(`${url}/accounts`)).status() === 200 && !one.url().includes('/signin');
  };
  assert.equal(await signIn(first), false, 'the code that turned it on is used up');
  assert.equal(await signIn(codes[0].trim()), true);
  assert.equal(await signIn(codes[0].trim()), false);
});

test('another acts for somebody, and both names are in the ledger', async (t) => {
  const { url, open, welcome, done } = await start(t);
  const add = async (name, role, org) => /welcome\/([\w-]{43})/.exec(await done('user', 'add', name, '--role', role, '--org', org))[1];
  const giver = await open(), taker = await open();
  await welcome(giver, await add('truong', 'approver', 'SKHCN'));
  await welcome(taker, await add('pho', 'viewer', 'SNV'));
  const day = (n) => new Date(Date.now() + 7 * 3600000 + n * 86400000).toISOString().slice(0, 10);
  await giver.goto(`${url}/me/delegations`);
  const give = async (from, to) => {
    await giver.fill('#taker', 'pho');
    await giver.fill('#from', from);
    await giver.fill('#to', to);
    await giver.fill('#reason', 'đi công tác');
    await send(giver, 'form:has(#taker) button');
  };
  await give(day(0), day(300));
  assert.match(await giver.textContent('[role=alert]'), /184/);
  await give(day(0), day(5));
  assert.equal(await giver.locator('[role=alert]').count(), 0);
  await taker.goto(`${url}/me/delegations`);
  await send(taker, 'form:has(input[name=giver]) button');
  assert.match(await taker.textContent('main'), /truong/);
  await giver.goto(`${url}/me/delegations`);
  await send(giver, 'form:has(input[value=end]) button');
  await taker.goto(`${url}/me/delegations`);
  assert.equal(await taker.locator('form:has(input[name=giver])').count(), 0);
});
