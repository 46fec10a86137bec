'use strict';
// Attacks tried and refused, on both engines (HOALU_TEST_POSTGRES). What is attacked is walked: operations, their arguments and
// pages come from the program's rows (test/rows.c), so that a new one is attacked by itself.

const { test, before, after } = require('node:test');
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { run, temporary, root, binary } = require('./lib/hoalu.js');
const { serve } = require('./lib/serve.js');
const { newStore, server } = require('./lib/store.js');
const { Visitor, ask, form, FORM } = require('./lib/visitor.js');
const wire = require('./lib/wire.js');

const tools = path.join(path.dirname(binary), 'test');
const rows = JSON.parse(execFileSync(path.join(tools, 'rows')));
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const SECOND = 1300; // what is known of a session is known for a second

// What would be markup, a script or an attribute if it were not written as text.
const EVIL = `"><script>evil()</script><img src=x onerror=evil() x-evil=1>' x-evil='1' onmouseover='evil()`;
const SHORT = '"><b x-evil=1 onclick=evil()>';

let folder, store, url, env, log;
const people = {};
const ends = [], later = { after: (end) => ends.push(end) };
after(async () => {
  for (const end of ends.reverse()) await end();
});

const PASSWORD = 'một câu dài dễ nhớ 2026';
async function hoalu(...args) {
  const r = await run([...args, '--store', store], { env });
  assert.equal(r.status, 0, `${args.join(' ')}: ${r.stderr}`);
  return r.stdout.trim();
}

// Accounts: [name, first role, body, more roles in the whole system].
const accounts = [
  ['tat.ca', 'admin', null, ['office', 'planner', 'leader', 'inspector']],
  ['tat.ca.hai', 'admin', null, ['office', 'planner', 'leader', 'inspector']],
  ['cb.khcn', 'reporter', 'DU-SKHCN', []],
  ['cb.sct', 'reporter', 'DU-SCT', []],
  ['nan.nhan', 'viewer', null, []],
  ['ma.mot', 'viewer', null, []],
  ['ma.hai', 'viewer', null, []],
];

// A catalogue and a plan with markup wherever a text may stand.
function evilBodies() {
  const units = fs.readFileSync(path.join(root, 'data/orgs/units.csv'), 'utf8');
  const quoted = (code) => `"${code} ${EVIL.replaceAll('"', '""')}"`;
  const wicked = units.split('\n').map((line) => line.replace(/^(DU-SKHCN|SCT),([^,"]*),/, (_, code) => `${code},${quoted(code)},`));
  const file = path.join(folder, 'units.csv');
  fs.writeFileSync(file, wicked.join('\n'));
  assert.ok(wicked.some((l) => l.includes('x-evil')));
  return [file, ...['words', 'kinds', 'areas', 'links', 'groups', 'aliases'].map((name) => path.join(root, `data/orgs/${name}.csv`))];
}
function evilPlan() {
  const text = fs.readFileSync(path.join(root, 'data/plans/ninh-binh-06-nq-tu.md'), 'utf8');
  const file = path.join(folder, 'ke-hoach.md');
  let n = 0;
  fs.writeFileSync(file, text.split('\n').map((line) => (line.length > 60 && !line.startsWith('|') && n++ % 3 === 0 ? `${line.replace(/[.;]$/, '')} ${SHORT}` : line)).join('\n'));
  assert.ok(n > 50);
  return file;
}

before(async () => {
  folder = temporary(later);
  store = newStore(later, folder);
  env = { HOALU_KEY: path.join(folder, 'key'), HOALU_SECRET: path.join(folder, 'secret') };
  log = path.join(folder, 'security.log');
  await hoalu('org', 'load', ...evilBodies());
  await hoalu('plan', 'load', path.join(root, 'data/plans/ninh-binh-06-nq-tu.md'));
  await hoalu('plan', 'draft', evilPlan());
  const links = {};
  for (const [name, role, org, more] of accounts) {
    links[name] = await hoalu('user', 'add', name, '--role', role, '--full-name', `Nguyễn ${EVIL}`, ...(org ? ['--org', org] : []));
    for (const another of more) await hoalu('call', 'user.grant', '--name', name, '--role', another);
  }
  ({ url } = await serve(later, store, ['--security-log', log], env, { signIn: true }));
  await Promise.all(accounts.map(async ([name]) => (people[name] = await new Visitor(url, { 'User-Agent': `Mozilla ${EVIL}` }).welcome(links[name], PASSWORD))));
}, { timeout: 120000 });

const signedIn = async (name, headers) => {
  const v = new Visitor(url, headers);
  const r = await v.signIn(name, PASSWORD);
  assert.equal(r.status, 303, r.text);
  return v;
};
const withSession = (token) => {
  const v = new Visitor(url);
  v.jar.set('session', token);
  return v;
};

// Rows of every table, as somebody with the store in hands counts them.
function sql(text) {
  const out = server ? execFileSync('psql', ['-qXAt', store, '-c', text]) : execFileSync('sqlite3', [store, '.timeout 5000', text]);
  return out.toString().trim().split('\n').filter(Boolean);
}
function tables() {
  const names = sql(server ? "SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog','information_schema') ORDER BY 1" : "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1");
  const counts = sql(names.map((n) => `SELECT '${n}|' || count(*) FROM ${n}`).join(' UNION ALL '));
  return Object.fromEntries(counts.map((c) => c.split('|')).map(([name, n]) => [name, Number(n)]));
}

// What an address or an argument may be filled with so that something is there.
let item;
const filling = { plan: '06-nq-tu', draft: '1', code: 'DU-SKHCN', id: '06-nq-tu.III.3.3', position: '1', q: 'a', name: 'thu.nghiem', role: 'viewer', reason: 'kiểm thử', path: 'III.3.3', level: 'public', decision: 'refuse', item: 'task-III.3.3' };
const places = { '/areas/{}': ['37'], '/orgs/{}': ['DU-SKHCN'], '/orgs/{}/owed': ['DU-SKHCN'], '/plans/{}/clauses/{}': ['06-nq-tu', 'III.3.3'], '/plans/{}': ['06-nq-tu'], '/plans/{}/compare': ['06-nq-tu'], '/programmes/{}': ['06-nq-tu.IV.1'], '/targets/{}': ['06-nq-tu.II.1.1-1'], '/tasks/{}': ['06-nq-tu.III.3.3'], '/ledger/{}': ['1'] };
const fillPage = (pattern, with_ = null) => {
  const known = places[pattern] ?? (pattern.startsWith('/drafts/') ? ['1', 'task-III.3.3'] : []);
  let i = 0;
  return pattern.replace(/\{\}/g, () => with_ ?? encodeURIComponent(known[i++] ?? 'x'));
};
const fillOp = (pattern) => pattern.replace(/\{([^}]*)\}/g, (_, name) => encodeURIComponent(filling[name] ?? 'x')).replace('/areas/DU-SKHCN', '/areas/37').replace(/\/programmes\/.*/, '/programmes/06-nq-tu.IV.1').replace(/\/targets\/.*/, '/targets/06-nq-tu.II.1.1-1');
const gets = () => [...rows.pages.filter((p) => p.get).map((p) => fillPage(p.pattern)), ...rows.operations.filter((o) => o.read && o.path).flatMap((o) => ['.json', '.csv', '.xlsx'].map((f) => fillOp(o.path) + f))];
const posts = () => [...rows.pages.filter((p) => p.post).map((p) => fillPage(p.pattern)), ...rows.operations.map((o) => `/api/${o.name}`)];

// --- session fixation ---

test('a session laid ready for somebody is not the one that signing in begins', async () => {
  const invented = crypto.randomBytes(32).toString('base64url');
  const v = withSession(invented);
  assert.equal((await v.signIn('nan.nhan', PASSWORD)).status, 303);
  assert.notEqual(v.session, invented);
  assert.ok(await v.isKnown());
  assert.ok(!(await withSession(invented).isKnown()), 'an invented token became a session');
  // A real one, of the attacker's own, laid in the browser of somebody else.
  const attacker = await signedIn('cb.sct'), own = attacker.session;
  const victim = withSession(own);
  assert.equal((await victim.signIn('nan.nhan', PASSWORD)).status, 303);
  assert.notEqual(victim.session, own);
  assert.ok(!(await attacker.isKnown()), 'the session that was laid ready goes on');
});

test('signing out ends a session where it is kept, and a password changed ends them all', async () => {
  const v = await signedIn('nan.nhan'), other = await signedIn('nan.nhan'), token = v.session;
  assert.equal((await v.send('/signout', {})).status, 303);
  assert.equal(v.session, undefined);
  assert.ok(!(await withSession(token).isKnown()), 'an old cookie opens the door');
  // Whoever changed the password goes on in a new session.
  const old = other.session, third = await signedIn('nan.nhan');
  const changed = await other.send('/me/password', { old: PASSWORD, password: PASSWORD, again: PASSWORD });
  assert.equal(changed.status, 303, changed.text);
  assert.notEqual(other.session, old);
  assert.ok(await other.isKnown());
  await sleep(SECOND);
  for (const token of [old, third.session]) assert.ok(!(await withSession(token).isKnown()), 'a session outlived the password');
});

// --- codes ---

function code(secret, step) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2))), counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = crypto.createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}
const enrol = (name) => JSON.parse(execFileSync(path.join(tools, 'enrol'), [store, name], { env: { ...process.env, ...env } }));
const half = async (name) => {
  const v = new Visitor(url), r = await v.signIn(name, PASSWORD, { next: '/tasks' });
  assert.equal(r.status, 303);
  assert.match(r.headers.location, /^\/signin\/code/);
  return v;
};

test('a code is good once, of its time, and the password alone opens nothing', async () => {
  const { secret, recovery } = enrol('ma.mot'), now = Math.floor(Date.now() / 30000);
  const v = await half('ma.mot'), first = v.session;
  for (const p of rows.pages.filter((p) => p.get && p.permission !== 'public')) assert.match((await v.page(fillPage(p.pattern))).headers.location, /^\/signin/, p.pattern);
  for (const o of rows.operations.filter((o) => o.permission !== 'public')) {
    if (o.path && o.read) assert.equal((await v.ask(`${fillOp(o.path)}.json`)).status, 401, o.name);
    assert.equal((await v.call(o.name, {})).status, 401, o.name);
  }
  assert.ok(!(await v.isKnown()), 'half a session shows an account');
  for (const step of [now + 5, now - 5]) assert.equal((await v.send('/signin/code', { code: code(secret, step) })).status, 403, `a code of step ${step - now}`);
  assert.equal((await v.send('/signin/code', { code: code(secret, now) })).status, 303);
  assert.ok(await v.isKnown());
  assert.notEqual(v.session, first, 'the half session became the whole one');
  assert.ok(!(await withSession(first).isKnown()));
  // Once more, the same: of the authenticator, and of recovery.
  const again = await half('ma.mot');
  assert.equal((await again.send('/signin/code', { code: code(secret, now) })).status, 403, 'a code was good twice');
  assert.equal((await again.send('/signin/code', { code: recovery[0] })).status, 303);
  const third = await half('ma.mot');
  assert.equal((await third.send('/signin/code', { code: recovery[0] })).status, 403, 'a recovery code was good twice');
  assert.equal((await third.send('/signin/code', { code: recovery[1] })).status, 303);
});

test('codes are not guessed, and who guesses at one account keeps nobody else out', async () => {
  const guessed = enrol('ma.hai'), v = await half('ma.hai');
  const statuses = [];
  for (let i = 0; i < 12; i++) statuses.push((await v.send('/signin/code', { code: `00000${i}`.slice(-6) })).status);
  assert.ok(statuses.filter((s) => s === 403).length <= 5, `${statuses}`);
  assert.deepEqual(new Set(statuses.slice(5)), new Set([429]));
  // From another browser it is the same account: the right one does not help who guessed.
  const other = await half('ma.hai');
  assert.equal((await other.send('/signin/code', { code: guessed.recovery[0] })).status, 429);
  assert.equal((await (await half('ma.mot')).send('/signin/code', { code: 'x' })).status, 403);
});

// --- forged requests ---

test('what another site sends in somebody’s name changes nothing, at any page and operation', { timeout: 120000 }, async () => {
  const v = people['tat.ca'], mark = await v.mark(), foreign = await people['tat.ca.hai'].mark();
  assert.ok(mark && foreign && mark !== foreign);
  const json = { 'Content-Type': 'application/json' };
  const multipart = (fields) => Object.entries(fields).map(([n, x]) => `--b\r\nContent-Disposition: form-data; name="${n}"\r\n\r\n${x}\r\n`).join('') + '--b--\r\n';
  const ways = (page) => {
    const good = page ? { body: form({ _csrf: mark }), headers: FORM } : { body: '{}', headers: { ...json, 'Hoalu-CSRF': mark } };
    return {
      'without the mark': { ...good, body: page ? '' : '{}', headers: page ? FORM : json },
      'with a mark of another session': page ? { body: form({ _csrf: foreign }), headers: FORM } : { body: '{}', headers: { ...json, 'Hoalu-CSRF': foreign } },
      'with half of the mark': page ? { body: form({ _csrf: mark.slice(0, 16) }), headers: FORM } : { body: '{}', headers: { ...json, 'Hoalu-CSRF': mark.slice(0, 16) } },
      'from another origin': { ...good, headers: { ...good.headers, Origin: 'https://evil.example' } },
      'from no origin': { ...good, headers: { ...good.headers, Origin: 'null' } },
      'from another site': { ...good, headers: { ...good.headers, 'Sec-Fetch-Site': 'cross-site' } },
      'from a neighbour': { ...good, headers: { ...good.headers, 'Sec-Fetch-Site': 'same-site' } },
      'as multipart': { body: multipart(page ? {} : { _csrf: mark }), headers: { 'Content-Type': 'multipart/form-data; boundary=b' } },
      'as plain text': { body: page ? `_csrf=${mark}` : '{}', headers: { 'Content-Type': 'text/plain' } },
    };
  };
  const was = tables();
  for (const address of posts()) {
    const page = !address.startsWith('/api/');
    for (const [how, sent] of Object.entries(ways(page))) {
      const r = await v.ask(address, { method: 'POST', body: sent.body, headers: { ...(page && { Accept: 'text/html' }), ...sent.headers } });
      assert.equal(r.status, 403, `POST ${address} ${how}: ${r.status} ${r.text.slice(0, 200)}`);
    }
  }
  assert.deepEqual(tables(), was, 'something was changed');
  // With the mark it is judged by what it says.
  for (const o of rows.operations.filter((o) => o.args.some((a) => a.required)))
    assert.equal((await v.ask(`/api/${o.name}`, { method: 'POST', body: '{}', headers: { ...json, 'Hoalu-CSRF': mark } })).status, 400, o.name);
});

test('no GET changes anything', { timeout: 60000 }, async () => {
  const v = people['tat.ca'], was = tables();
  for (const address of [...gets(), ...rows.operations.map((o) => `/api/${o.name}?name=nan.nhan&plan=06-nq-tu&draft=1&level=restricted&reason=x&item=task-III.3.3&decision=accept&role=admin`)])
    for (const method of ['GET', 'HEAD']) await v.ask(address, { method, headers: { Accept: /^\/api|\.(json|csv|xlsx)$/.test(address) ? '*/*' : 'text/html' } });
  for (const address of rows.pages.filter((p) => p.post && !p.get).map((p) => fillPage(p.pattern))) assert.equal((await v.page(address)).status, 404, address);
  assert.deepEqual(tables(), was);
  assert.ok(await v.isKnown(), 'a GET signed out');
});
