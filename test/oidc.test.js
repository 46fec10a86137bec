'use strict';
// Signing in at another provider of identities: a real one (oidc-provider), and a wicked one that is honest but for one thing at a
// time, so that each refusal is for that thing.

const assert = require('node:assert');
const crypto = require('node:crypto');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const https = require('node:https');
const path = require('node:path');
const { test } = require('node:test');
const { run, json, temporary } = require('./lib/hoalu.js');
const { provider, wicked, browser, freePort } = require('./lib/oidc.js');
const { serve } = require('./lib/serve.js');
const { newStore } = require('./lib/store.js');
const { launch, picture, fits, axe } = require('./browser/browser.js');

const secret = 'a long one & + % : "';

// Run once more on PostgreSQL (HOALU_TEST_POSTGRES).
async function storeWithAccounts(t, folder) {
  const store = newStore(t, folder);
  for (const name of ['so.khcn', 'so.tt']) {
    const r = await run(['user', 'add', name, '--role', 'viewer', '--full-name', 'Nguyễn Văn A', '--email', 'a@example.vn', '--store', store]);
    assert.strictEqual(r.status, 0, r.stderr);
  }
  return store;
}

// `hoalu serve` at a port that the provider is told of before it starts.
async function start(t, issuer, { port, extra = [], public: open = false } = {}) {
  const folder = temporary(t);
  const store = await storeWithAccounts(t, folder);
  const file = path.join(folder, 'secret');
  fs.writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  const log = path.join(folder, 'security.log');
  const { url, stop, child } = await serve(t, store, ['--listen', `127.0.0.1:${port}`, '--oidc-issuer', issuer, '--oidc-client', 'hoalu',
    ...(open ? [] : ['--oidc-secret-file', file]), '--security-log', log, ...extra], {}, { signIn: true });
  const user = async (...args) => {
    const r = await run(['user', ...args, '--store', store]);
    assert.strictEqual(r.status, 0, r.stderr);
    return r.stdout;
  };
  return { url, stop, child, store, folder, user, log: () => fs.readFileSync(log, 'utf8') };
}

const clientOf = (port) => ({
  client_id: 'hoalu', client_secret: secret, redirect_uris: [`http://127.0.0.1:${port}/signin/oidc/back`],
  post_logout_redirect_uris: [`http://127.0.0.1:${port}/signin`],
});

const person = { sub: 'u-1001', preferred_username: 'so.khcn', name: 'Nguyễn Văn A', email: 'a@example.vn', email_verified: true };

// Who the server says has signed in; undefined for nobody.
async function whoIs(b, url) {
  const r = await b.once(`${url}/me`);
  const text = await r.text();
  return r.status === 200 ? /(so\.khcn|so\.tt)/.exec(text)?.[1] : undefined;
}

test('sign-in at a real provider, sign-out, and new keys', async (t) => {
  const port = await freePort(), at = await freePort();
  const client = clientOf(port), who = () => person;
  let real = await provider(t, { port: at, client, who });
  const { url, user, store, log } = await start(t, real.issuer, { port });
  const b = browser();

  // The page for signing in leads there.
  const page = await (await b.once(`${url}/signin?next=/plans?x=1`)).text();
  assert.match(page, /href="\/signin\/oidc\?next=%2Fplans%3Fx%3D1"/);

  // Nobody's yet: a verified e-mail that equals an account's opens nothing, and the page says what to tell the administrator.
  let r = await b.go(`${url}/signin/oidc?next=/me`);
  assert.strictEqual(r.status, 403, r.text);
  assert.match(r.text, /u-1001/);
  assert.ok(r.text.includes(real.issuer));
  assert.strictEqual(await whoIs(b, url), undefined);

  await user('identity', 'so.khcn', '--issuer', real.issuer, '--subject', 'u-1001');
  assert.deepStrictEqual(await json(['user', 'identity', 'so.khcn', '--format', 'json', '--store', store]),
    [{ issuer: real.issuer, subject: 'u-1001', account: 'so.khcn' }]);
  r = await b.go(`${url}/signin/oidc?next=/me`);
  assert.strictEqual(r.status, 200, r.text);
  assert.strictEqual(r.url, `${url}/me`);
  assert.strictEqual(await whoIs(b, url), 'so.khcn');
  assert.match(log(), /event=signin\.ok outcome=ok account="so\.khcn"/);
  assert.ok(!b.jar(url).has('oidc'), 'what was remembered is forgotten');

  // Signing out ends the session here, and leads on to the provider, which ends its own.
  const form = await (await b.once(`${url}/signout`)).text();
  const csrf = /name="_csrf" value="([0-9a-f]+)"/.exec(form)[1];
  const out = await b.once(`${url}/signout`, { method: 'POST', body: new URLSearchParams({ _csrf: csrf }), headers: { Origin: url } });
  assert.strictEqual(out.status, 200);
  const on = /^0; url=(.*)$/.exec(out.headers.get('refresh'))[1];
  assert.ok(on.startsWith(`${real.issuer}/session/end?`), on);
  assert.ok((await out.text()).includes(on.replaceAll('&', '&amp;')), 'and a link, for who has the refresh off');
  assert.strictEqual(await whoIs(b, url), undefined);
  const asks = await (await b.once(on)).text();
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(asks)[1];
  const ended = await b.go(`${real.issuer}/session/end/confirm`, { method: 'POST', body: new URLSearchParams({ xsrf, logout: 'yes' }) });
  assert.strictEqual(ended.url, `${url}/signin`);

  // The provider comes back with other keys under another name, and who it signs in is let in at once.
  await real.stop();
  real = await provider(t, { port: at, client, who, kid: 'k2' });
  r = await browser().go(`${url}/signin/oidc?next=/me`);
  assert.strictEqual(r.status, 200, r.text);
  assert.strictEqual(r.url, `${url}/me`);

  // Taken from the account, the identity opens nothing, and its sessions have ended.
  await b.go(`${url}/signin/oidc`);
  assert.strictEqual(await whoIs(b, url), 'so.khcn');
  await user('identity', 'so.khcn', '--issuer', real.issuer, '--subject', 'u-1001', '--remove');
  await new Promise((done) => setTimeout(done, 1200)); // a viewer is known for a second
  assert.strictEqual(await whoIs(b, url), undefined);
  assert.strictEqual((await b.go(`${url}/signin/oidc`)).status, 403);
});

// The provider is another site to a browser (localhost, not 127.0.0.1): cookies with SameSite, and pages that may send forms to
// their own site alone, are what they are in use.
test('in a real browser', async (t) => {
  const port = await freePort(), at = await freePort();
  const real = await provider(t, { port: at, host: 'localhost', client: clientOf(port), who: () => person });
  const { url, user } = await start(t, real.issuer, { port, extra: ['--oidc-name', 'Cổng định danh Ninh Bình'] });
  const chromium = await launch();
  t.after(() => chromium.close());
  for (const width of [1366, 390]) {
    const context = await chromium.newContext({ viewport: { width, height: 800 }, locale: 'vi-VN' });
    const page = await context.newPage();
    page.options = { width, lang: 'vi' };
    const bad = [];
    page.on('console', (m) => m.type() === 'error' && !/status of 403/.test(m.text()) && bad.push(m.text()));
    const look = async (name) => {
      await fits(page);
      assert.deepStrictEqual(await axe(page), []);
      await picture(page, name);
    };
    await page.goto(`${url}/signin?next=/me`);
    assert.ok(await page.isVisible('#password'));
    await look('oidc-signin');
    if (width === 1366) {
      await page.click('text=Đăng nhập bằng Cổng định danh Ninh Bình');
      await page.waitForURL((u) => u.pathname === '/signin/oidc/back');
      assert.match(await page.textContent('h1'), /chưa được gắn/);
      await look('oidc-unknown');
      await user('identity', 'so.khcn', '--issuer', real.issuer, '--subject', 'u-1001');
      await page.goto(`${url}/signin/oidc/back?error=access_denied`);
      await look('oidc-refused');
      await page.goto(`${url}/signin?next=/me`);
    }
    await page.click('text=Đăng nhập bằng Cổng định danh Ninh Bình');
    await page.waitForURL(`${url}/me`);
    const cookie = (await context.cookies()).find((c) => c.name === 'session');
    assert.ok(cookie.httpOnly && cookie.sameSite === 'Lax');
    await page.goto(`${url}/signout`);
    await page.click('main button');
    await page.waitForURL((u) => u.href.startsWith(`${real.issuer}/session/end`)); // by itself
    await page.click('text=Yes');
    await page.waitForURL(`${url}/signin`);
    assert.deepStrictEqual(bad, []);
    await context.close();
  }
});

test('a claim that the server was told to trust links an account once', async (t) => {
  const port = await freePort(), at = await freePort();
  let sub = 'u-1';
  const real = await provider(t, { port: at, client: clientOf(port), who: () => ({ ...person, sub }) });
  const { url, store } = await start(t, real.issuer, { port, extra: ['--oidc-claim', 'preferred_username'] });
  const b = browser();
  assert.strictEqual((await b.go(`${url}/signin/oidc?next=/me`)).url, `${url}/me`);
  assert.strictEqual(await whoIs(b, url), 'so.khcn');
  const linked = await json(['user', 'identity', 'so.khcn', '--format', 'json', '--store', store]);
  assert.deepStrictEqual(linked.map((i) => i.subject), ['u-1']);
  // Somebody else who was given the name there later is not let in.
  sub = 'u-2';
  const r = await browser().go(`${url}/signin/oidc`);
  assert.strictEqual(r.status, 403, r.text);
  assert.match(r.text, /u-2/);
});

// A wicked provider, and a server whose account so.khcn is that of its person.
async function startWicked(t, options = {}) {
  const port = await freePort();
  const it = await wicked(t, 'hoalu');
  const server = await start(t, it.issuer, { port, ...options });
  await server.user('identity', 'so.khcn', '--issuer', it.issuer, '--subject', 'w-1001');
  const signIn = async (b = browser()) => {
    const r = await b.go(`${server.url}/signin/oidc?next=/me`);
    return { r, who: await whoIs(b, server.url), b };
  };
  return { it, server, signIn };
}

const b64 = (value) => Buffer.from(value).toString('base64url');
const hmacWith = (key) => (text) => crypto.createHmac('sha256', key).update(text).digest('base64url');

test('what a wicked provider tries is refused, one thing at a time', async (t) => {
  const { it, server, signIn } = await startWicked(t);
  const pem = (keys) => keys.publicKey.export({ type: 'spki', format: 'pem' });
  const other = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = () => Math.floor(Date.now() / 1000);
  const tries = {
    'another issuer in the token': [{ claims: (c) => ({ ...c, iss: 'https://evil.example' }) }, /another issuer/],
    'another issuer in the answer': [{ iss: 'https://evil.example' }, /another issuer in the answer/],
    'another audience': [{ claims: (c) => ({ ...c, aud: 'other' }) }, /another audience/],
    'an audience more, without azp': [{ claims: (c) => ({ ...c, aud: ['hoalu', 'other'] }) }, /another authorized party/],
    'another authorized party': [{ claims: (c) => ({ ...c, azp: 'other' }) }, /another authorized party/],
    expired: [{ claims: (c) => ({ ...c, iat: now() - 600, exp: now() - 61 }) }, /expired/],
    'issued in the future': [{ claims: (c) => ({ ...c, iat: now() + 120, exp: now() + 600 }) }, /in the future/],
    'another nonce': [{ claims: (c) => ({ ...c, nonce: 'x'.repeat(43) }) }, /another nonce/],
    'no nonce': [{ claims: ({ nonce, ...c }) => c }, /another nonce/],
    'no subject': [{ claims: ({ sub, ...c }) => c }, /no subject/],
    'a subject twice': [{ claims: (c) => JSON.stringify(c).replace(/}$/, ',"sub":"w-1001"}') }, /well-formed/],
    'alg none, without a signature': [{ header: (h) => ({ ...h, alg: 'none' }), sign: () => '' }, /not signed as it must be/],
    'alg none, with a signature': [{ header: (h) => ({ ...h, alg: 'none' }) }, /not signed as it must be/],
    'HS256 with the public key as PEM': [{ header: (h) => ({ ...h, alg: 'HS256' }), sign: (text, keys) => hmacWith(pem(keys))(text) }, /not signed as it must be/],
    'HS256 with the modulus': [{ header: (h) => ({ ...h, alg: 'HS256' }),
      sign: (text, keys) => hmacWith(Buffer.from(keys.publicKey.export({ format: 'jwk' }).n, 'base64url'))(text) }, /not signed as it must be/],
    'a signature of another key': [{ sign: (text) => crypto.sign('sha256', Buffer.from(text), other.privateKey).toString('base64url') }, /does not fit/],
    'a token of another type': [{ header: (h) => ({ ...h, typ: 'at+jwt' }) }, /another type/],
    'an encrypted token': [{ sign: () => `${b64('a')}.${b64('b')}.${b64('c')}` }, /encrypted/],
  };
  const honest = await signIn();
  assert.strictEqual(honest.who, 'so.khcn', honest.r.text);
  for (const [name, [how, why]] of Object.entries(tries)) {
    Object.assign(it, how);
    const { r, who } = await signIn();
    assert.strictEqual(r.status, 403, `${name}: ${r.text}`);
    assert.match(r.text, why, name);
    assert.strictEqual(who, undefined, name);
    it.reset();
  }
  assert.match(server.log(), /event=oidc\.refused outcome=refused/);
  // After all that, honest people still come in.
  assert.strictEqual((await signIn()).who, 'so.khcn');

  // Keys that nobody has published are asked for at most once a minute, however often they are named.
  it.header = (h) => ({ ...h, kid: 'unknown' });
  for (let i = 0; i < 3; i++) assert.match((await signIn()).r.text, /unknown key/);
  assert.strictEqual(it.asked.filter((p) => p === '/keys').length, 1);
  it.reset();

  // No client of it shows its secret or a token.
  assert.ok(!server.log().includes(secret));
});

test('the discovery document of another issuer', async (t) => {
  const { it, signIn } = await startWicked(t);
  it.discovery = (d) => ({ ...d, issuer: 'https://evil.example' });
  let { r } = await signIn();
  assert.strictEqual(r.status, 403);
  assert.match(r.text, /another issuer in the discovery document/);
  it.reset();
  it.discovery = (d) => ({ ...d, token_endpoint: 'http://evil.example/token' });
  ({ r } = await signIn());
  assert.match(r.text, /no safe token_endpoint/);
  it.reset();
  assert.strictEqual((await signIn()).who, 'so.khcn');
});

test('an answer is good once, and for the browser that asked', async (t) => {
  const { server, signIn } = await startWicked(t);
  const mine = browser(), his = browser();
  const back = async (b) => {
    const there = await b.once(`${server.url}/signin/oidc?next=/me`);
    return (await b.once(there.headers.get('location'))).headers.get('location');
  };

  // Somebody else's answer, laid before my browser, does not sign me in as them; nor does it without any beginning.
  const answer = await back(his);
  await mine.once(`${server.url}/signin/oidc`);
  let r = await mine.go(answer);
  assert.match(r.text, /another state/);
  r = await browser().go(answer);
  assert.match(r.text, /not begun in this browser/);
  assert.strictEqual(await whoIs(mine, server.url), undefined);

  // His own browser comes in by it, and not again: neither with what it remembers now, nor with what it remembered.
  const remembered = his.jar(server.url).get('oidc');
  assert.ok(remembered);
  assert.strictEqual((await his.go(answer)).url, `${server.url}/me`);
  const thief = browser();
  thief.jar(server.url).set('oidc', remembered);
  r = await thief.go(answer); // the wicked provider takes its code as often as it is shown
  assert.strictEqual(r.status, 403);
  assert.match(r.text, /used already/);
  assert.strictEqual(await whoIs(thief, server.url), undefined);

  // A session that was laid ready in the browser is not the one that begins.
  const victim = browser();
  victim.jar(server.url).set('session', 'A'.repeat(43));
  assert.strictEqual((await signIn(victim)).who, 'so.khcn');
  assert.notStrictEqual(victim.jar(server.url).get('session'), 'A'.repeat(43));

  // Where to go on is a place of this system.
  for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example']) {
    const b = browser();
    r = await b.go(`${server.url}/signin/oidc?next=${encodeURIComponent(next)}`);
    assert.ok(r.trail.every((u) => new URL(u).host !== 'evil.example'), r.trail.join(' '));
    assert.strictEqual(new URL(r.url).origin, server.url);
  }
});

test('a provider that is slow, floods, leads astray or is not there', async (t) => {
  const { it, server, signIn } = await startWicked(t, { public: true });
  const at = (where, how) => {
    it.reset();
    it.answer = (request, response) => request.url.startsWith(where) && (how(request, response), true);
  };
  assert.strictEqual((await signIn()).who, 'so.khcn');

  // The back channel goes nowhere that it is sent to.
  at('/token', (request, response) => response.writeHead(307, { Location: `${it.issuer}/elsewhere` }).end());
  assert.strictEqual((await signIn()).r.status, 403);
  assert.ok(!it.asked.includes('/elsewhere'));

  at('/token', (request, response) => response.end(Buffer.alloc((256 << 10) + 1, 0x20)));
  assert.strictEqual((await signIn()).r.status, 503);
  await new Promise((done) => setTimeout(done, 5200)); // it is left alone for so long

  // While it does not answer, others are told so at once and pages are served.
  at('/token', () => {});
  const begun = Date.now();
  let waits = true;
  const slow = signIn().finally(() => (waits = false));
  await new Promise((done) => setTimeout(done, 300));
  assert.strictEqual((await fetch(`${server.url}/healthz`)).status, 200);
  assert.ok(waits);
  assert.strictEqual((await slow).r.status, 503);
  assert.ok(Date.now() - begun < 14000, 'the deadline is 5 s');
  const again = Date.now();
  const { r } = await signIn();
  assert.strictEqual(r.status, 503);
  assert.strictEqual(r.headers.get('retry-after'), '10');
  assert.ok(Date.now() - again < 4000);
  await new Promise((done) => setTimeout(done, 5200));
  it.reset();
  assert.strictEqual((await signIn()).who, 'so.khcn');
});

test('TLS of the provider is verified', async (t) => {
  const folder = temporary(t), port = await freePort();
  const make = (name, subject) => {
    const [cert, key] = [path.join(folder, `${name}.pem`), path.join(folder, `${name}.key`)];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
      '-addext', `subjectAltName=${subject}`, '-keyout', key, '-out', cert], { stdio: 'pipe' });
    return { cert: fs.readFileSync(cert), key: fs.readFileSync(key), file: cert };
  };
  const good = make('good', 'DNS:localhost'), wrong = make('wrong', 'DNS:elsewhere.example');
  let asked = 0;
  const tls = https.createServer(good, (request, response) => {
    asked++;
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ issuer: `https://localhost:${tls.address().port}`, authorization_endpoint: `https://localhost:${tls.address().port}/auth`,
      token_endpoint: `https://localhost:${tls.address().port}/token`, jwks_uri: `https://localhost:${tls.address().port}/keys` }));
  });
  t.after(() => tls.close());
  await new Promise((done) => tls.listen(0, '127.0.0.1', done));
  const issuer = `https://localhost:${tls.address().port}`;
  const status = async (...extra) => {
    const server = await start(t, issuer, { port, extra });
    const r = await browser().once(`${server.url}/signin/oidc`);
    await r.text();
    await server.stop();
    return [r.status, asked];
  };
  assert.deepStrictEqual(await status(), [503, 0], 'a root that nobody trusts');
  assert.deepStrictEqual(await status('--oidc-ca', good.file), [303, 1]);
  tls.setSecureContext(wrong);
  assert.deepStrictEqual(await status('--oidc-ca', wrong.file), [503, 1], 'the certificate of another name');
});

test('options that cannot be', async (t) => {
  const folder = temporary(t);
  const store = await storeWithAccounts(t, folder);
  const file = path.join(folder, 'secret');
  fs.writeFileSync(file, 'x\n');
  fs.chmodSync(file, 0o644);
  const refused = async (status, why, ...args) => {
    const r = await run(['serve', '--store', store, ...args], { limit: 5000 });
    assert.strictEqual(r.status, status, r.stdout + r.stderr);
    assert.match(r.stderr, why);
    assert.ok(!r.stderr.includes('x\n\n'));
  };
  const listen = ['--listen', '127.0.0.1:18057'];
  await refused(1, /an https address/, ...listen, '--oidc-issuer', 'http://id.example.vn', '--oidc-client', 'hoalu');
  await refused(2, /needs --oidc-client/, ...listen, '--oidc-issuer', 'https://id.example.vn');
  await refused(2, /needs --oidc-issuer/, ...listen, '--oidc-client', 'hoalu');
  await refused(2, /needs --url/, '--listen', '127.0.0.1:0', '--oidc-issuer', 'https://id.example.vn', '--oidc-client', 'hoalu');
  await refused(1, /others may read this secret/, ...listen, '--oidc-issuer', 'https://id.example.vn', '--oidc-client', 'hoalu', '--oidc-secret-file', file);
  fs.chmodSync(file, 0o600);
  fs.writeFileSync(file, '\n');
  await refused(1, /no secret/, ...listen, '--oidc-issuer', 'https://id.example.vn', '--oidc-client', 'hoalu', '--oidc-secret-file', file);
  const identity = await run(['user', 'identity', 'so.khcn', '--issuer', 'https://id.example.vn', '--store', store]);
  assert.strictEqual(identity.status, 2);
});
