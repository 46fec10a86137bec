'use strict';
// The pages as a browser without script gets them: every link leads somewhere, both languages, nothing from elsewhere.
// Runs on PostgreSQL as well (HOALU_TEST_POSTGRES).

const { test } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { run, temporary, root } = require('./lib/hoalu.js');
const { newStore } = require('./lib/store.js');
const { serve } = require('./lib/serve.js');
const { valid } = require('./browser/valid.js');

const plan = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');

async function started(t, { load = true } = {}) {
  const folder = temporary(t), store = newStore(t, folder);
  const made = await run(load ? ['plan', 'load', plan, '--store', store] : ['org', 'load', '--store', store]);
  assert.equal(made.status, 0, made.stderr);
  const { url } = await serve(t, store, ['--sample']);
  const get = (address, headers = {}) =>
    fetch(new URL(address, url), { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', ...headers }, redirect: 'manual' });
  return { url, get };
}

test('every link of every page leads somewhere, in both languages', async (t) => {
  const { get } = await started(t);
  const seen = new Set(), open = ['/plans', '/plans?lang=en'];
  const ids = new Map();
  let histories = 0;
  while (open.length) {
    const address = open.shift();
    if (seen.has(address)) continue;
    seen.add(address);
    const answer = await get(address);
    assert.equal(answer.status, 200, address);
    if (!answer.headers.get('content-type').startsWith('text/html')) {
      await answer.arrayBuffer();
      continue;
    }
    const text = await answer.text();
    assert.match(answer.headers.get('content-security-policy'), /default-src 'none'/);
    assert.doesNotMatch(text, /<script(?! src="\/assets\/[a-z.0-9]+" defer><\/script>)|<style| style=| on[a-z]+=|https?:\/\//, address);
    assert.match(text, /BẢN TRÌNH DIỄN|DEMONSTRATION/, address);
    assert.doesNotMatch(text, /\(null\)|undefined|M_[a-z]/, address);
    assert.deepEqual(await valid(text), [], address);
    ids.set(address, new Set([...text.matchAll(/ id="([^"]*)"/g)].map((m) => m[1])));
    assert.equal(ids.get(address).size, [...text.matchAll(/ id="/g)].length, `${address}: an id comes twice`);
    for (const [, href] of text.matchAll(/ href="([^"]*)"/g)) {
      const link = href.replaceAll('&amp;', '&');
      if (link.startsWith('#')) assert.ok(ids.get(address).has(decodeURIComponent(link.slice(1))), `${address} → ${link}`);
      // Each clause and body leads to its history, and they are all one page: a few are enough.
      else if (!link.startsWith('/ledger?') || histories++ % 20 === 0) open.push(link.split('#')[0]);
    }
  }
  assert.ok(seen.size > 130, `${seen.size} addresses`);
});

test('the judge of pages sees what is not HTML', async () => {
  const page = (body) => `<!doctype html>\n<html lang="vi"><head><title>x</title></head><body>${body}</body></html>\n`;
  assert.deepEqual(await valid(page('<p>x</p>')), []);
  for (const body of ['<p><div>x</div></p>', '<ul><p>x</p></ul>', '<a href="#a"><a href="#b">x</a></a>', '<p id="a">x</p><p id="a">y</p>', '<h1>x</h2>',
    '<table><p>x</p></table>', '<button><a href="#a">x</a></button>', '<p align="left">x</p>', '<p class="a" class="b">x</p>'])
    assert.notDeepEqual(await valid(page(body)), [], body);
});

test('the plan is there as a document, each clause at an address of its own', async (t) => {
  const { get } = await started(t);
  const start = await get('/');
  assert.equal(start.status, 302);
  assert.equal(start.headers.get('location'), '/plans/06-nq-tu');
  const text = await (await get('/plans/06-nq-tu')).text();
  for (const id of ['I', 'II.1.1-1', 'III.3.3', 'IV.1', 'V.8.3']) assert.ok(text.includes(` id="${id}"`), id);
  const clause = await (await get('/plans/06-nq-tu/clauses/III.3.3')).text();
  assert.match(clause, /30\/11\/2026/);
  assert.match(clause, /Đảng ủy Ủy ban nhân dân tỉnh/);
  assert.match(await (await get('/tasks')).text(), /<h1>43 nhiệm vụ: .*5 chưa có hạn<\/h1>/);
  assert.match(await (await get('/targets')).text(), /<h1>47 mục tiêu, trong đó 6 mục tiêu mô tả<\/h1>/);
});

test('a language once chosen stays', async (t) => {
  const { get } = await started(t);
  const english = await get('/tasks?lang=en');
  assert.match(await english.text(), /<html lang="en">[\s\S]*<h1>43 tasks: .*5 without a deadline<\/h1>/);
  const cookie = english.headers.get('set-cookie').split(';')[0];
  assert.match(await (await get('/tasks', { cookie })).text(), /43 tasks/);
  assert.match(await (await get('/tasks?lang=vi', { cookie })).text(), /43 nhiệm vụ/);
});

test('what is not there is a page that says what to do; a program gets a problem', async (t) => {
  const { get, url } = await started(t);
  for (const address of ['/plans/khong-co', '/plans/06-nq-tu/clauses/IX', '/khong/co', '/tasks?plan=khong-co']) {
    const answer = await get(address);
    assert.equal(answer.status, 404, address);
    assert.match(await answer.text(), /<h1>Không có trang này<\/h1>[\s\S]*href="\/plans"/);
    assert.equal((await fetch(new URL(address, url))).headers.get('content-type'), 'application/problem+json', address);
  }
});

test('an empty store says how to begin', async (t) => {
  const { get } = await started(t, { load: false });
  assert.match(await (await get('/plans')).text(), /hoalu plan load/);
  assert.equal((await get('/')).headers.get('location'), '/plans');
  assert.match(await (await get('/tasks')).text(), /hoalu plan load/);
});

test('what a page takes with it is kept for ever under its hash', async (t) => {
  const { get } = await started(t);
  const text = await (await get('/plans')).text();
  const [, style] = /href="(\/assets\/hoalu\.[0-9a-f]{16}\.css)"/.exec(text);
  const answer = await get(style);
  assert.match(answer.headers.get('cache-control'), /immutable/);
  assert.equal(answer.headers.get('content-type'), 'text/css; charset=utf-8');
  assert.match(await answer.text(), /--blue/);
  assert.equal((await get(style.replace(/\.[0-9a-f]{16}\./, '.0000000000000000.'))).status, 404);
});
