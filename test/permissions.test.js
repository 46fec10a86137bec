'use strict';
// Who may do what: doc/permissions.md against the rows of the program, and both against a server that is asked for every operation,
// address and page as nobody and as each role, in the whole system, in the body and in another one.

const { test, before, after } = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { run, json, temporary, root, binary } = require('./lib/hoalu.js');
const { serve } = require('./lib/serve.js');

const INSIDE = 'DU-SKHCN', OUTSIDE = 'DU-SCT';
const ALL = 'read,history,enter,approve,office,plan,decide,admin';

// --- the page that is kept by hand ---

const page = fs.readFileSync(path.join(root, 'doc/permissions.md'), 'utf8');
function table(title) {
  const section = page.split(/^## /m).find((s) => s.startsWith(title));
  assert.ok(section, title);
  const rows = section.split('\n').filter((l) => l.startsWith('|')).slice(2);
  return rows.map((l) => l.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', '')));
}
const roles = new Map(table('Roles').map(([role, , permissions]) => [role, permissions.split(' ')]));
const operations = new Map(table('Operations').map(([name, permission, where, why]) => [name, { permission, where, why }]));
const pages = new Map(table('Pages').map(([pattern, permission, where, why]) => [pattern, { permission, where, why }]));
const sees = table('What each sees');

const rows = JSON.parse(execFileSync(path.join(path.dirname(binary), 'test/rows')));
const where = (row) => (row.scoped ? 'in a body' : 'whole system');

test('every operation, page and role stands in doc/permissions.md as it is, with a reason, and nothing else does', () => {
  assert.deepEqual([...operations.keys()].sort(), rows.operations.map((o) => o.name).sort());
  for (const o of rows.operations) {
    const row = operations.get(o.name);
    assert.deepEqual([o.name, row.permission, row.where], [o.name, o.permission, where(o)]);
    assert.ok(row.why.length > 3, `${o.name} is allowed without a reason`);
  }
  assert.deepEqual([...pages.keys()].sort(), rows.pages.map((p) => p.pattern).sort());
  for (const p of rows.pages) {
    const row = pages.get(p.pattern);
    assert.deepEqual([p.pattern, row.permission, row.where], [p.pattern, p.permission, where(p)]);
    assert.ok(row.why.length > 3, `${p.pattern} is allowed without a reason`);
  }
  assert.deepEqual(Object.fromEntries(roles), Object.fromEntries(rows.roles.map((r) => [r.role, r.permissions])));
  // Who hands out roles does not work with them, and who inspects changes nothing.
  for (const [role, permissions] of roles) {
    if (permissions.includes('admin')) assert.deepEqual(permissions, ['read', 'admin'], role);
  }
  assert.deepEqual(roles.get('inspector'), ['read', 'history']);
});

// --- a server with somebody of every kind ---

// Who asks: the role, where it is held, and what the table lets them do.
const people = [{ name: null, role: null, held: null }];
for (const role of roles.keys())
  for (const [held, org] of [['whole', null], ['inside', INSIDE], ['outside', OUTSIDE]])
    people.push({ name: `${role}.${held}`, role, held, org });

function may(person, { permission, where }) {
  if (permission === 'public') return true;
  if (!person.role) return false;
  if (!roles.get(person.role).includes(permission)) return false;
  return person.held === 'whole' || permission === 'read' || where === 'in a body';
}

let served, store;
const ends = [], later = { after: (end) => ends.push(end) };
after(() => ends.reverse().forEach((end) => end()));
const ask = (person, address, options = {}) =>
  fetch(served.url + address, {
    redirect: 'manual',
    ...options,
    headers: { ...(person.token ? { Authorization: `Bearer ${person.token}` } : {}), ...options.headers },
  });

before(async () => {
  const folder = temporary(later);
  store = path.join(folder, 'x.db');
  const hoalu = async (...args) => {
    const r = await run([...args, '--store', store]);
    assert.equal(r.status, 0, `${args.join(' ')}: ${r.stderr}`);
    return r.stdout.trim();
  };
  await hoalu('org', 'load');
  await hoalu('plan', 'load', 'data/plans/ninh-binh-06-nq-tu.md');
  for (const person of people.filter((p) => p.name)) {
    await hoalu('user', 'add', person.name, '--role', person.role, ...(person.org ? ['--org', person.org] : []));
    person.token = await hoalu('token', 'add', person.name, '--scope', ALL);
  }
  served = await serve(later, store, [], {}, { signIn: true });
}, { timeout: 120000 });

// Of somebody who may: whatever it says of the arguments, it does not say that they may not.
function judge(person, allowed, status, what) {
  const who = `${person.name ?? 'nobody'}: ${what}: ${status}`;
  if (allowed) assert.ok(![401, 403].includes(status) && status < 500, `${who}, and may`);
  else assert.equal(status, person.name ? 403 : 401, `${who}, and may not`);
}

test('each operation is refused to whom it is not allowed, and to nobody else', { timeout: 300000 }, async () => {
  for (const op of rows.operations)
    for (const person of people) {
      const allowed = may(person, operations.get(op.name));
      const r = await ask(person, `/api/${op.name}`, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } });
      await r.arrayBuffer();
      judge(person, allowed, r.status, `POST /api/${op.name}`);
      if (!op.read || !op.path) continue;
      const address = op.path.replace(/\{[^}]*\}/g, 'x');
      for (const form of ['.json', '.csv', '.xlsx']) {
        const read = await ask(person, address + form);
        await read.arrayBuffer();
        judge(person, allowed, read.status, `GET ${address}${form}`);
      }
    }
});

test('each page is refused to whom it is not allowed, and sends nobody to sign in', { timeout: 300000 }, async () => {
  for (const p of rows.pages)
    for (const person of people) {
      const allowed = may(person, pages.get(p.pattern));
      const address = p.pattern.replaceAll('{}', 'x');
      for (const method of ['GET', 'HEAD', 'POST'].filter((m) => (m === 'POST' ? p.post : p.get))) {
        const r = await ask(person, address, {
          method,
          headers: { Accept: 'text/html', ...(method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}) },
          ...(method === 'POST' ? { body: '' } : {}),
        });
        await r.arrayBuffer();
        const leads = r.headers.get('location') ?? '';
        // A person's own pages let everybody come in and look at who it is by themselves.
        if (address.startsWith('/me') || address.startsWith('/signin') || address.startsWith('/signout') || address.startsWith('/welcome')) continue;
        if (!allowed && !person.name) assert.match(leads, /^\/signin\?next=/, `${method} ${address}: ${r.status}`);
        else judge(person, allowed, r.status, `${method} ${address}`);
        if (allowed) assert.doesNotMatch(leads, /^\/signin/);
      }
    }
});

test('what is not there is told to nobody, and machines learn what they need', async () => {
  const nobody = people[0], admin = people.find((p) => p.name === 'admin.whole'), viewer = people.find((p) => p.name === 'viewer.whole');
  assert.equal((await ask(nobody, '/no-such-address.json')).status, 401);
  assert.equal((await ask(viewer, '/no-such-address.json')).status, 404);
  for (const open of ['/healthz', '/readyz', '/openapi.json']) assert.equal((await ask(nobody, open)).status, 200, open);
  assert.equal((await ask(nobody, '/metrics')).status, 401);
  assert.equal((await ask(viewer, '/metrics')).status, 403);
  assert.equal((await ask(admin, '/metrics')).status, 200);
  assert.equal((await ask(nobody, '/events', { headers: { Accept: 'text/event-stream' } })).status, 401);
});

test('a token does no more than its scope, and nothing once it was taken back', async () => {
  const make = async (scope) => (await run(['token', 'add', 'planner.whole', '--for', `thử ${scope}`, '--scope', scope, '--store', store])).stdout.trim();
  const narrow = { token: await make('read'), name: 'x' };
  assert.equal((await ask(narrow, '/tasks.json')).status, 200);
  assert.equal((await ask(narrow, '/drafts.json')).status, 403);
  const wide = { token: await make('read,admin'), name: 'x' };
  assert.equal((await ask(wide, '/metrics')).status, 403, 'a scope gives nothing that the account has not');
  assert.equal((await run(['token', 'end', 'planner.whole', 'thử read', '--store', store])).status, 0);
  await new Promise((done) => setTimeout(done, 1500)); // another process did it: known within a second
  assert.equal((await ask(narrow, '/tasks.json')).status, 401);
});

// --- classification ---

test('who sees which item is as the table says, in every form and at every address', { timeout: 120000 }, async () => {
  // Programmes of the plan: the one's body has no part in the other's.
  const programme = (clause) => ({ id: `06-nq-tu.${clause}`, plan: '06-nq-tu', path: clause });
  const items = { public: programme('IV.2'), internal: programme('IV.5'), own: programme('IV.1'), other: programme('IV.3') };
  const classify = async (level, clause) => {
    const r = await run(['call', 'plan.classify', '--plan', '06-nq-tu', ...(clause ? ['--path', clause] : []), '--level', level, '--reason', 'kiểm thử', '--store', store]);
    assert.equal(r.status, 0, r.stderr);
  };
  await classify('public');
  await classify('internal', items.internal.path);
  await classify('restricted', items.own.path);
  await classify('restricted', items.other.path);
  await new Promise((done) => setTimeout(done, 1500)); // by another process: known within a second
  for (const [role, held, ...cells] of sees)
    for (const person of people.filter((p) => (p.role ?? 'nobody') === role && (held === '' || (held === 'whole system') === (p.held === 'whole')))) {
      // What is restricted of a body is, for a role outside it, of another one.
      const kinds = person.held === 'outside' ? ['public', 'internal', 'other', 'own'] : ['public', 'internal', 'own', 'other'];
      for (const [i, kind] of kinds.entries()) {
        const item = items[kind], what = `${person.name}: ${kind} ${item.id}`, seen = cells[i] === 'yes';
        if (!person.name) {
          assert.equal(seen, false, what);
          assert.equal((await ask(person, `/programmes/${item.id}.json`)).status, 401, what);
          continue;
        }
        const none = `/programmes/${item.plan}.IX.9.9`;
        for (const form of ['.json', '']) {
          const headers = form ? {} : { Accept: 'text/html' };
          const one = await ask(person, `/programmes/${item.id}${form}`, { headers });
          assert.equal(one.status, seen ? 200 : 404, `${what}${form}`);
          if (seen) {
            await one.arrayBuffer();
            continue;
          }
          const gone = await ask(person, none + form, { headers });
          const plain = async (r, id) => [(await r.text()).replaceAll(id, 'ID').replaceAll(encodeURIComponent(id), 'ID').replace(/\d\d:\d\d \d\d\/\d\d\/\d{4}/g, 'NOW'), ...[...r.headers].filter(([n]) => !['date', 'content-length'].includes(n))];
          assert.deepEqual(await plain(one, item.id), await plain(gone, `${item.plan}.IX.9.9`), what);
        }
        const list = await (await ask(person, '/programmes.json?limit=200')).json();
        assert.equal(list.items.some((t) => t.id === item.id), seen, `${what} in the list`);
        const csv = await (await ask(person, '/programmes.csv?limit=200')).text();
        assert.equal(csv.includes(`,${item.path},`), seen, `${what} in CSV`);
        const html = await (await ask(person, `/plans/${item.plan}`, { headers: { Accept: 'text/html' } })).text();
        assert.equal(html.includes(`clauses/${item.path}"`), seen, `${what} on the page of the plan`);
      }
    }
});
