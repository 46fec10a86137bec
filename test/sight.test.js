'use strict';
// What a reader may not see is nowhere: a plan whose every clause holds a word of its own, some clauses restricted at random, and
// every operation that reads and every page asked, as somebody who sees none of it and as somebody who sees all.

const { test, before, after } = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { run, temporary, root, binary } = require('./lib/hoalu.js');
const { serve } = require('./lib/serve.js');
const { newStore } = require('./lib/store.js');

const seed = Number(process.env.HOALU_TEST_SEED ?? Date.now() % 1000000);
let state = seed;
const random = (n) => (state = (state * 1103515245 + 12345) % 2147483648) % n;

const SLUG = 'thu-mat';
const rows = JSON.parse(execFileSync(path.join(path.dirname(binary), 'test/rows')));
const letters = (i) => 'zq' + [...String(i)].map((d) => 'bcdfghjklm'[d]).join('') + 'zv';
const wordsOf = (text) => [...new Set(text.match(/zq[b-m]+zv/g) ?? [])];
const under = (above, one) => one === above || one.startsWith(above + '.') || one.startsWith(above + '-');

let served, store, plan, marked, hidden, shown, file;
const people = {};
const ends = [], later = { after: (end) => ends.push(end) };
after(() => ends.reverse().forEach((end) => end()));

const hoalu = async (...args) => {
  const r = await run([...args, '--store', store]);
  assert.equal(r.status, 0, `${args.join(' ')}: ${r.stderr}`);
  return r.stdout.trim();
};
const classify = (level, clause) =>
  hoalu('call', 'plan.classify', '--plan', SLUG, ...(clause ? ['--path', clause] : []), '--level', level, '--reason', 'kiểm thử');
const ask = (who, address, options = {}) =>
  fetch(served.url + address, { redirect: 'manual', ...options, headers: { Authorization: `Bearer ${people[who]}`, ...options.headers } });

const walk = (folder, within = '') => fs.readdirSync(path.join(folder, within), { withFileTypes: true })
  .flatMap((e) => (e.name === 'node_modules' ? [] : e.isDirectory() ? walk(folder, path.join(within, e.name)) : [path.join(within, e.name)]));

// Which words must not be seen, once these paths are restricted.
function divide(paths) {
  hidden = new Set(), shown = new Set();
  for (const c of plan.clauses) for (const w of wordsOf(`${c.title} ${c.text}`)) (paths.some((p) => under(p, c.path)) ? hidden : shown).add(w);
  for (const w of shown) hidden.delete(w);
}
const settle = () => new Promise((done) => setTimeout(done, 1500)); // by another process: known within a second

before(async () => {
  const folder = temporary(later);
  store = newStore(later, folder);
  let n = 0;
  const text = fs.readFileSync(path.join(root, 'data/plans/ninh-binh-06-nq-tu.md'), 'utf8')
    .replace(/^(- (?!\*)|\d+\. |\*\*\d+\.\d+\.\*\* )(\S+ \S+ )/gm, (all, mark, first) => `${mark}${first}${letters(++n)} `);
  file = path.join(folder, 'ke-hoach.md');
  fs.writeFileSync(file, text);
  assert.ok(n > 90, `${n} clauses with a word of their own`);
  plan = JSON.parse((await run(['plan', 'read', file, '--format', 'json'])).stdout);
  await hoalu('org', 'load');
  await hoalu('plan', 'load', file, '--slug', SLUG);
  for (const [who, role] of [['blind', 'viewer'], ['sighted', 'inspector']]) {
    await hoalu('user', 'add', who, '--role', role);
    people[who] = await hoalu('token', 'add', who, '--scope', 'read,history');
  }
  const all = plan.clauses.map((c) => c.path), deep = all.filter((p) => p.split(/[.-]/).length > 2);
  marked = ['II.1.4-5', plan.duties[0].path, plan.programmes[0].path, ...Array.from({ length: 6 }, () => deep[random(deep.length)])];
  marked = [...new Set(marked)];
  for (const p of marked) await classify('restricted', p);
  divide(marked);
  assert.ok(hidden.size >= 4 && shown.size > 20, `${hidden.size} words hidden, ${shown.size} not`);
  served = await serve(later, store, [], {}, { signIn: true });
}, { timeout: 120000 });

const shut = () => plan.clauses.map((c) => c.path).filter((p) => marked.some((m) => under(m, p)));

// Every value that a place in an address may hold; a new place is tried with all of them.
function pool() {
  const paths = shut().slice(0, 6), items = [...plan.tasks, ...plan.programmes].map((t) => t.path).filter((p) => marked.some((m) => under(m, p)));
  const targets = plan.targets.filter((t) => marked.some((m) => under(m, t.path))).map((t) => t.key);
  return [...new Set([SLUG, ...paths, ...[...items, ...targets].slice(0, 8).map((p) => `${SLUG}.${p}`), 'DU-UBND', 'DU-SKHCN', 'I', '1'])];
}
function fill(pattern) {
  let made = [pattern];
  while (made.some((m) => m.includes('{')))
    made = made.flatMap((m) => (m.includes('{') ? (m.startsWith('/plans/{') ? [SLUG] : pool()).map((v) => m.replace(/\{[^}]*\}/, encodeURIComponent(v))) : [m]));
  return made;
}
const words = () => {
  const c = plan.clauses.find((x) => marked.includes(x.path) && x.title);
  return encodeURIComponent(c.title.split(' ').slice(3, 6).join(' '));
};
// Ways to ask at an address, beside plainly.
const asked = (address) => [
  '', '?limit=1000&count=true', `?plan=${SLUG}&count=true`, '?as-of=2099-12-31', '?limit=7', `?q=${words()}`, '?findings=warning&limit=1000', '?due=past&limit=1000', '?body=DU-UBND&limit=1000', '?lang=en',
].filter((q) => !address.includes('/search') || q.startsWith('?q'));

function clean(text, what) {
  for (const w of wordsOf(text)) assert.ok(!hidden.has(w), `${what} (seed ${seed}): shows ${w}`);
}

test('who does not see it finds no word of it in any operation, form or page', { timeout: 300000 }, async () => {
  let answers = 0, seen = new Set();
  for (const op of rows.operations.filter((o) => o.read && o.path))
    for (const address of fill(op.path))
      for (const form of ['.json', '.csv'])
        for (const query of asked(address)) {
          const r = await ask('blind', address + form + query), text = await r.text();
          clean(text, address + form + query);
          wordsOf(text).forEach((w) => seen.add(w));
          answers += r.status === 200;
        }
  for (const page of rows.pages.filter((p) => p.get))
    for (const address of fill(page.pattern))
      for (const query of asked(address)) {
        const r = await ask('blind', address + query, { headers: { Accept: 'text/html' } }), text = await r.text();
        clean(text, address + query);
        answers += r.status === 200;
      }
  for (const op of rows.operations.filter((o) => o.read))
    for (const args of [{}, { plan: SLUG }, ...pool().flatMap((v) => [{ id: v }, { code: v }, { plan: SLUG, path: v }]), { q: decodeURIComponent(words()) }, { draft: 1 }, { position: 1 }]) {
      const r = await ask('blind', `/api/${op.name}`, { method: 'POST', body: JSON.stringify(args), headers: { 'Content-Type': 'application/json' } });
      clean(await r.text(), `${op.name} ${JSON.stringify(args)}`);
      answers += r.status === 200;
    }
  assert.ok(answers > 100, `${answers} answers`);
  for (const w of shown) assert.ok(seen.has(w), `what is open stays: ${w}`);
});

test('counts are of what is shown', async () => {
  const get = async (address) => (await ask('blind', address)).json();
  const one = await get(`/plans/${SLUG}.json`);
  for (const [name, address] of [['clauses', `/plans/${SLUG}/clauses.json?limit=1000`], ['tasks', `/tasks.json?plan=${SLUG}&limit=1000&count=true`], ['programmes', `/programmes.json?plan=${SLUG}&limit=1000&count=true`],
    ['targets', `/targets.json?plan=${SLUG}&limit=1000&count=true`], ['duties', `/duties.json?plan=${SLUG}&limit=1000&count=true`], ['findings', `/findings.json?plan=${SLUG}&limit=1000&count=true`]]) {
    const list = await get(address);
    assert.equal(one[name], list.items.length, name);
    if ('count' in list) assert.equal(list.count, list.items.length, name);
  }
  const paths = (await get(`/plans/${SLUG}/clauses.json?limit=1000`)).items.map((c) => c.path);
  assert.deepEqual(paths.filter((p) => marked.some((m) => under(m, p))), []);
  for (const f of (await get(`/findings.json?plan=${SLUG}&limit=1000`)).items) {
    assert.ok(f.path, 'what counts over the whole plan counts what is restricted');
    for (const p of [f.path, f.other]) assert.ok(!p || !marked.some((m) => under(m, p)), `${f.rule} ${p}`);
  }
});

test('an address of it answers as one that does not exist, to the byte', async () => {
  const known = new Set(plan.clauses.map((c) => c.path).concat(plan.targets.map((t) => t.key)));
  const moments = new Set(['date', 'set-cookie', 'x-request-id', 'content-length']);
  const both = async (make, one, none) => {
    for (const [form, headers] of [['.json', {}], ['.csv', {}], ['', { Accept: 'text/html' }]]) {
      const a = await ask('blind', make(one) + form, { headers }), b = await ask('blind', make(none) + form, { headers });
      const what = `${make(one)}${form}`;
      assert.equal(a.status, 404, what);
      assert.equal((await a.text()).replaceAll(one, none), await b.text(), what);
      const told = (r) => JSON.stringify([...r.headers].filter(([k]) => !moments.has(k))).replaceAll(one, none);
      assert.equal(told(a), told(b), what);
      assert.equal(b.status, 404);
      if (one.length === none.length) assert.equal(a.headers.get('content-length'), b.headers.get('content-length'), what);
    }
  };
  for (const p of shut()) {
    const none = p.replace(/[0-9]/g, '9');
    if (known.has(none)) continue;
    await both((x) => `/plans/${SLUG}/clauses/${x}`, p, none);
    for (const kind of ['tasks', 'programmes', 'targets']) await both((x) => `/${kind}/${SLUG}.${x}`, p, none);
  }
});

test('who sees it finds it, and stands in the access log for it', async () => {
  const all = await (await ask('sighted', `/plans/${SLUG}/clauses.json?limit=1000`)).text();
  for (const w of hidden) assert.ok(all.includes(w), w);
  const first = shut()[0];
  for (const again of [1, 2]) {
    const page = await ask('sighted', `/plans/${SLUG}/clauses/${first}`, { headers: { Accept: 'text/html' } });
    assert.equal(page.status, 200);
    assert.equal(page.headers.get('etag'), null, `reading ${again} is made for this reader`);
    await page.text();
  }
  const log = await (await ask('sighted', '/api/access.log', { method: 'POST', body: JSON.stringify({ limit: 1000 }), headers: { 'Content-Type': 'application/json' } })).json();
  assert.ok(log.items.every((r) => r.account === 'sighted' && r.plan === SLUG && r.address), 'nobody else read any of it');
  const paths = new Set(log.items.map((r) => r.path));
  for (const p of shut()) assert.ok(paths.has(p), p);
  assert.equal(log.items.filter((r) => r.path === first && r.how === `/plans/${SLUG}/clauses/${first}`).length, 2);
});

test('events about it reach those who see it alone', { timeout: 60000 }, async () => {
  const listen = async (who) => {
    const stop = new AbortController();
    const r = await ask(who, '/events', { headers: { Accept: 'text/event-stream' }, signal: stop.signal });
    const heard = { text: '', stop: () => stop.abort() };
    (async () => { for await (const part of r.body) heard.text += Buffer.from(part); })().catch(() => {});
    return heard;
  };
  const blind = await listen('blind'), sighted = await listen('sighted');
  const open = plan.clauses.map((c) => c.path).find((p) => p.startsWith('III.') && !shut().some((s) => under(s, p) || under(p, s)));
  await classify('restricted', open);
  await classify('internal', plan.clauses[0].path); // and what comes after is told
  for (let i = 0; i < 100 && !(blind.text.includes(`/${plan.clauses[0].path}"`) && sighted.text.includes(`/${plan.clauses[0].path}"`)); i++) await new Promise((d) => setTimeout(d, 100));
  blind.stop(), sighted.stop();
  assert.ok(sighted.text.includes(`plans/${SLUG}/${open}"`), sighted.text);
  assert.ok(!blind.text.includes(`plans/${SLUG}/${open}"`), blind.text);
  assert.ok(blind.text.includes(`plans/${SLUG}/${plan.clauses[0].path}"`), blind.text);
  await classify('internal', open);
});

test('words that move to another clause take the mark along', { timeout: 60000 }, async () => {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const at = lines.findIndex((l) => l.includes('zq') && wordsOf(l).some((w) => hidden.has(w)) && l.startsWith('- '));
  assert.ok(at > 0);
  lines.splice(at, 0, '- Một mục tiêu mới xen vào trước, để các mục sau đổi số.');
  fs.writeFileSync(file, lines.join('\n'));
  await hoalu('plan', 'load', file, '--slug', SLUG);
  await settle();
  for (const address of [`/plans/${SLUG}/clauses.json?limit=1000`, `/targets.json?plan=${SLUG}&limit=1000`, `/plans/${SLUG}/compare.json`, `/search.json?q=${words()}`])
    clean(await (await ask('blind', address)).text(), address);
});

test('a plan that is restricted as a whole is not there', { timeout: 60000 }, async () => {
  await classify('restricted');
  await settle();
  const none = await ask('blind', '/plans/thu-maa.json'), one = await ask('blind', `/plans/${SLUG}.json`);
  assert.equal(one.status, 404);
  assert.equal((await one.text()).replaceAll(SLUG, 'thu-maa'), await none.text());
  for (const address of ['/plans.json', '/tasks.json', '/owed.json', '/orgs.json', '/search.json?q=%22khoa+h%E1%BB%8Dc%22', '/findings.json', '/orgs/DU-UBND/owed.json'])
    assert.ok(!(await (await ask('blind', address)).text()).includes(SLUG), address);
  for (const address of [`/plans/${SLUG}/versions.json`, `/plans/${SLUG}/compare.json`, `/plans/${SLUG}/clauses.json`]) assert.equal((await ask('blind', address)).status, 404, address);
  assert.equal((await ask('sighted', `/plans/${SLUG}.json`)).status, 200);
});

test('a mark is not below the plan or what stands above, has a reason, and is of something that is there', async () => {
  const refused = async (...args) => {
    const r = await run(['call', 'plan.classify', '--plan', SLUG, ...args, '--store', store]);
    assert.equal(r.status, 1, args.join(' '));
  };
  await refused('--path', 'III.1', '--level', 'internal', '--reason', 'x');
  await refused('--path', 'IX.9', '--level', 'restricted', '--reason', 'x');
  await refused('--level', 'restricted', '--reason', ' ');
});

test('every form that takes a file or a long text says what does not belong here, and how to stop', () => {
  const folder = path.join(root, 'src/front/web'), all = new Map();
  for (const f of walk(folder).filter((f) => f.endsWith('.html') && !f.includes('node_modules') && f !== 'test_page.html'))
    all.set(path.basename(f, '.html'), fs.readFileSync(path.join(folder, f), 'utf8'));
  const says = (text) => (text.match(/secrets_html\(/g) ?? []).length;
  const takes = (name, text) => {
    // A part of forms is for those to say it that put it in.
    if (!text.includes('<form')) return [...all].filter(([other, t]) => other !== name && t.includes(`${name}_html(p`)).every(([other, t]) => takes(other, t));
    return says(text) > 0;
  };
  const asking = [...all].filter(([, text]) => /type="file"|<textarea/.test(text));
  assert.ok(asking.length >= 3);
  for (const [name, text] of asking) assert.ok(takes(name, text), `${name}.html takes a file or a long text and does not say that secrets do not belong here`);
});

test('a document with a mark of secrecy is refused, and nothing is kept', { timeout: 60000 }, async () => {
  const folder = temporary(later), secret = path.join(folder, 'mat.md'), fresh = newStore(later, folder);
  fs.writeFileSync(secret, `TỈNH ỦY NINH BÌNH\n\nTỐI MẬT\n\n${fs.readFileSync(path.join(root, 'data/plans/ninh-binh-06-nq-tu.md'), 'utf8')}`);
  for (const command of [['plan', 'load', secret], ['call', 'draft.create', '--name', 'mat.md', '--text', fs.readFileSync(secret, 'utf8')]]) {
    const r = await run([...command, '--store', command[0] === 'call' ? store : fresh]);
    assert.equal(r.status, 1, command[0]);
    assert.match(r.stderr, /mat\.md/);
    assert.match(r.stderr, /dòng 3/);
    assert.match(r.stderr, /bí mật nhà nước/);
  }
  assert.deepEqual(JSON.parse(await hoalu('call', 'draft.list', '--format', 'json')).items, []);
  assert.ok(/^postgres/.test(fresh) || !fs.existsSync(fresh), 'not even a store was made');
});
