'use strict';
// Search from outside: the page, its other forms, the command line; on both engines (HOALU_TEST_POSTGRES), which must
// answer alike. What is expected comes from reading the demonstration plan and the catalogue, and from the language.

const test = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { run, json, temporary, root } = require('./lib/hoalu.js');
const { serve } = require('./lib/serve.js');
const { newFile, newStore, behind } = require('./lib/store.js');

const plan = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');
const orgs = ['kinds', 'words', 'areas', 'units', 'groups', 'links', 'aliases'].map((n) => path.join(root, `data/orgs/${n}.csv`));

async function load(store) {
  assert.equal((await run(['org', 'load', ...orgs, '--store', store])).status, 0);
  assert.equal((await run(['plan', 'load', plan, '--store', store])).status, 0);
}

async function started(t) {
  const folder = temporary(t);
  const store = newStore(t, folder);
  await load(store);
  const { url } = await serve(t, store);
  const page = async (query) => {
    const answer = await fetch(`${url}/search?${query}`, { headers: { accept: 'text/html' } });
    return { status: answer.status, text: await answer.text() };
  };
  const found = async (q, more = '') => {
    const answer = await fetch(`${url}/search.json?limit=100&q=${encodeURIComponent(q)}${more}`);
    assert.equal(answer.status, 200, q);
    return answer.json();
  };
  return { folder, store, url, page, found };
}

const paths = (all) => all.items.map((i) => i.path);
const marked = (parts) => parts.map((p) => (p.hit ? `[${p.text}]` : p.text)).join('');

test('with marks and without, a reader finds what they mean first', async (t) => {
  const { found } = await started(t);

  // "mở đường" stands in I.2, "biểu dương" in III.1.4, and a commune is called Vũ Dương: three words of one fold.
  const all = ['13834', 'DU-13834', 'I.2', 'III.1.4', 'UBND-13834'];
  for (const q of ['duong', 'đường', 'dương', 'DUONG', 'Đường']) assert.deepEqual(paths(await found(q)).sort(), all, q);
  assert.equal(paths(await found('đường'))[0], 'I.2');
  const exact = paths(await found('dương'));
  assert.equal(exact.at(-1), 'I.2');
  assert.equal(exact.at(-2), 'III.1.4'); // in its text; the commune and its bodies are called so
  assert.equal(marked((await found('duong')).items.find((i) => i.path === 'I.2').snippet_parts).match(/\[(.*?)\]/)[1], 'đường');

  // Both styles of tone marks; "Uỷ ban" is written with the other one than the catalogue's.
  const [old, now] = [await found('Uỷ ban nhân dân tỉnh'), await found('Ủy ban nhân dân tỉnh')];
  assert.deepEqual(old.items, now.items);
  assert.equal(old.items[0].kind, 'org');
  assert.equal(old.items[0].title, 'Ủy ban nhân dân tỉnh');

  // A body by its name, its abbreviation, without marks, and before the clauses that speak of it.
  for (const q of ['Sở Khoa học và Công nghệ', 'so khoa hoc va cong nghe', 'Sở KH&CN'])
    assert.equal((await found(q)).items[0].title, 'Sở Khoa học và Công nghệ', q);
  // The commune, its committee and its government are called so; "tham gia … đoàn viên" only has the words.
  for (const q of ['Gia Viễn', 'gia vien']) {
    const { items } = await found(q);
    assert.deepEqual(items.slice(0, 3).map((i) => [i.kind, /xã Gia Viễn$/.test(i.title)]), [['org', true], ['org', true], ['area', true]]);
    assert.ok(items.slice(3).every((i) => i.plan));
  }
});

test('a path and a number lead to what is called so', async (t) => {
  const { found } = await started(t);
  for (const q of ['III.3.3', 'iii.3.3', 'mục III.3.3']) {
    const [first] = (await found(q)).items;
    assert.deepEqual([first.kind, first.path, first.address], ['task', 'III.3.3', '/plans/06-nq-tu/clauses/III.3.3'], q);
  }
  const under = paths(await found('III.3'));
  assert.equal(under[0], 'III.3');
  assert.ok(under.slice(1, 4).every((p) => p.startsWith('III.3.')));
  for (const q of ['06-NQ/TU', '06-nq-tu', 'Nghị quyết số 06-NQ/TU']) {
    const [first] = (await found(q)).items;
    assert.deepEqual([first.kind, first.plan, first.address], ['plan', '06-nq-tu', '/plans/06-nq-tu'], q);
  }
  // The resolution of the Politburo is no plan of this store: the clauses that cite it, marked where they do.
  const cited = await found('57-NQ/TW');
  assert.deepEqual(paths(cited).sort(), ['I.1', 'V.3.3']);
  for (const i of cited.items) assert.match(marked(i.title_parts) + marked(i.snippet_parts), /\[57-NQ\/TW\]/);
});

test('all words, any order; quotes hold them together; the last may be unfinished', async (t) => {
  const { found } = await started(t);
  assert.deepEqual(new Set(paths(await found('bán dẫn chip'))), new Set(paths(await found('chip bán dẫn'))));
  assert.equal(paths(await found('chip bán d')).length, 0); // one letter is a word of its own
  assert.ok(paths(await found('chip bán dẫ')).includes('II.1.2-2'));
  assert.equal(paths(await found('"bán chip"')).length, 0);
  assert.ok(paths(await found('"chip bán dẫn"')).includes('II.1.2-2'));
  assert.equal(paths(await found('chip khongcotrongvanban')).length, 0);
  // A target is found as one, also where it stands in a task (III.3.1 holds two).
  assert.ok(paths(await found('5G', '&kind=target')).every((p) => p.startsWith('II') || p.startsWith('III') || p.startsWith('IV')));
  assert.ok(paths(await found('III.3.1', '&kind=target')).includes('III.3.1'));
});

test('every address that is found is there, every mark is a word that was asked for', async (t) => {
  const { found, url } = await started(t);
  const fold = (s) => s.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
  for (const q of ['khoa hoc cong nghe', 'báo cáo', 'kinh tế số']) {
    const { items } = await found(q);
    assert.ok(items.length > 0);
    const words = fold(q).split(' ');
    for (const i of items) {
      assert.equal(i.title_parts.map((p) => p.text).join(''), i.title);
      assert.equal(i.snippet_parts.map((p) => p.text).join(''), i.snippet ?? '');
      const hits = [...i.title_parts, ...i.snippet_parts].filter((p) => p.hit);
      assert.ok(hits.length > 0, i.address);
      for (const hit of hits) assert.ok(words.some((w) => fold(hit.text).includes(w)), hit.text);
      if (i.plan) assert.equal((await fetch(url + i.address, { headers: { accept: 'text/html' } })).status, 200, i.address);
    }
  }
});

test('the page says what it found, keeps the query, and goes on', async (t) => {
  const { page, found, url } = await started(t);
  const all = await found('tỉnh', '&count=true');
  assert.ok(all.count > 40 && all.count === new Set(all.items.map((i) => i.address)).size + Math.max(0, all.count - 100));
  const { status, text } = await page('q=t%E1%BB%89nh');
  assert.equal(status, 200);
  assert.match(text, new RegExp(`<h1>Kết quả 1–20 trong ${all.count} cho “tỉnh”</h1>`));
  assert.match(text, /<input [^>]*name="q"[^>]* value="tỉnh">/);
  assert.match(text, /<mark>[tT]ỉnh<\/mark>/);
  let next = /href="(\/search\?q=[^"]*after=[^"]*)"/.exec(text)[1].replaceAll('&amp;', '&');
  const second = await (await fetch(url + next, { headers: { accept: 'text/html' } })).text();
  assert.match(second, new RegExp(`<h1>Kết quả 21–40 trong ${all.count} `));
  const links = (html) => [...html.matchAll(/<li><h2><a href="([^"]*)"/g)].map((m) => m[1]);
  assert.deepEqual([...links(text), ...links(second)], all.items.slice(0, 40).map((i) => i.address));
  // One kind, by a link; the number beside it is what it leads to.
  const [, kind, n] = /href="(\/search\?q=[^"]*kind=target)">Mục tiêu <span class="num">(\d+)</.exec(text);
  const targets = await (await fetch(url + kind.replaceAll('&amp;', '&'), { headers: { accept: 'text/html' } })).text();
  assert.match(targets, new RegExp(`<h1>${n} kết quả cho “tỉnh”</h1>`));

  assert.match((await page('q=duong&lang=en')).text, /<h1>5 results for “duong”<\/h1>/);
  const none = await page('q=khongcotrongvanban');
  assert.equal(none.status, 200);
  assert.match(none.text, /<h1>Không tìm thấy “khongcotrongvanban”<\/h1>[\s\S]*III\.3\.3/);
  assert.match((await page('')).text, /<h1>Tìm trong các kế hoạch/);
  assert.match((await page(`q=${encodeURIComponent('<script>alert(1)</script>"')}`)).text, /value="&lt;script&gt;/);
});

test('the other forms carry the same; every page has the box', async (t) => {
  const { found, url, store } = await started(t);
  const { items } = await found('bán dẫn');
  const csv = (await (await fetch(`${url}/search.csv?q=${encodeURIComponent('bán dẫn')}&limit=100`)).text()).trim().split('\r\n');
  assert.equal(csv[0], 'kind,plan,path,address,title,snippet');
  assert.equal(csv.length, items.length + 1);
  items.forEach((i, n) => assert.equal(csv[n + 1].split(',').slice(0, 4).join(), [i.kind, i.plan, i.path, i.address].join()));
  const xlsx = await fetch(`${url}/search.xlsx?q=${encodeURIComponent('bán dẫn')}`);
  assert.equal(Buffer.from(await xlsx.arrayBuffer()).subarray(0, 2).toString(), 'PK');
  assert.deepEqual((await json(['call', 'search.list', '--q', 'bán dẫn', '--limit', '100', '--format', 'json', '--store', store])).items, items);
  for (const address of ['/plans', '/plans/06-nq-tu', '/tasks', '/khong-co'])
    assert.match(await (await fetch(url + address, { headers: { accept: 'text/html' } })).text(), /<form class="find" role="search" action="\/search">/);
});

test('hostile queries are answered or refused with a sentence', async (t) => {
  const { page, url } = await started(t);
  const ask = (q) => fetch(`${url}/search.json?q=${q}`);
  const answered = ['NEAR(a b)', 'a AND b OR NOT c', 'words:a', 'a*', '^a', "a' OR '1'='1", 'a & b | !c:*A <-> d', '"a', '%25', 'a\\', '½', '中文', 'R'];
  for (const q of answered.map(encodeURIComponent)) assert.equal((await ask(q)).status, 200, q);
  const refused = ['', '""', '*', '( ) : - NEAR'.slice(0, 7), '\u0301\u0300', '😀', 'a'.repeat(10240), 'a '.repeat(65)].map(encodeURIComponent);
  for (const q of [...refused, '%00', 'a%00b', '%ff', '%c3']) {
    const answer = await ask(q);
    assert.equal(answer.status, q.length > 9000 ? 414 : 400, q.slice(0, 40));
    const problem = await answer.json();
    assert.ok(problem.detail || problem.title, q.slice(0, 40));
    assert.doesNotMatch(JSON.stringify(problem), /fts5|tsquery|SQL|syntax/i);
  }
  for (const [more, field] of [['as-of=2026-01-01', 'as_of'], ['kind=khac', 'kind'], ['limit=0', 'limit'], ['after=x', 'after']]) {
    const answer = await fetch(`${url}/search.json?q=a&${more}`);
    assert.equal(answer.status, 400, more);
    assert.equal((await answer.json()).field, field);
  }
  const wrong = await page('q=***');
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /value="\*\*\*"[\s\S]*<h1>Chưa tìm được<\/h1>/);
  assert.match((await page('q=a&as-of=2026-01-01')).text, /Chỉ tìm được trong hiện tại/);
});

test('copies, backups and what somebody changed from outside', async (t) => {
  const { folder, store } = await started(t);
  const ask = (where, q) => json(['call', 'search.list', '--q', q, '--limit', '100', '--format', 'json', '--store', where]);
  const [copy, backup, restored] = [newFile(folder), newFile(folder), newStore(t, folder)];
  assert.equal((await run(['store', 'copy', store, copy])).status, 0);
  assert.equal((await run(['backup', backup, '--store', store])).status, 0);
  assert.equal((await run(['restore', backup, '--store', restored])).status, 0);
  // Under test/with-postgres these are stores of both engines: the same answers in the same order.
  for (const q of ['duong', 'đường', 'tỉnh', 'khoa học công nghệ', '"chuyển đổi số"', 'III.3', 'uỷ ban', '57-NQ/TW', 'so', 'R&D', 'tin', 'kế h'])
    for (const where of [copy, restored]) assert.deepEqual(await ask(where, q), await ask(store, q), q);
  for (const where of [copy, restored]) assert.equal((await run(['doctor', '--store', where])).status, 0);

  behind(restored, "UPDATE clause SET title = 'Khác hẳn' WHERE key = 'I.2'; UPDATE search_doc SET title = 'x', words = 'x' WHERE path = 'I.3'");
  const sick = await run(['doctor', '--store', restored]);
  assert.equal(sick.status, 1);
  assert.match(sick.stdout, /search +problem +.*2 trong/);
  await run(['doctor', '--mend', '--store', restored]);
  assert.match((await run(['doctor', '--store', restored])).stdout, /search +ok/);
  assert.equal((await ask(restored, 'khác hẳn')).items[0].path, 'I.2');
});

test('what is approved is found at once, and what it replaced is not', async (t) => {
  const fs = require('node:fs');
  const { folder, store, found } = await started(t);
  const draft = path.join(folder, 'ke-hoach.md');
  const write = (words) => fs.writeFileSync(draft, `# KẾ HOẠCH\n# Nuôi trồng thủy sản năm 2026\n\n## I. NHIỆM VỤ\n\n1. ${words}.\n\n- Cơ quan chủ trì: Sở Tài chính.\n`);
  write('Xây dựng bến cá Kim Sơn');
  assert.equal((await run(['plan', 'load', draft, '--store', store])).status, 0);
  const before = await found('ben ca kim son');
  assert.equal(before.items[0].kind, 'task');
  write('Nạo vét luồng lạch Đáy');
  assert.equal((await run(['plan', 'load', draft, '--store', store])).status, 0);
  assert.equal((await found('bến cá')).items.length, 0);
  assert.equal((await found('luồng lạch')).items[0].plan, before.items[0].plan);
  assert.equal((await found('luồng', `&plan=${before.items[0].plan}`)).items.length, 1);
  assert.equal((await found('luồng lạch', '&plan=06-nq-tu')).items.length, 0);
});
