'use strict';
// From a document to the plan, as a browser without script sends it: upload, review, mend, approve, compare. Runs on
// PostgreSQL as well (HOALU_TEST_POSTGRES).

const { test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { run, json, temporary, root } = require('./lib/hoalu.js');
const { newStore } = require('./lib/store.js');
const { serve } = require('./lib/serve.js');
const { html, convert } = require('./lib/office.js');

const source = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');

async function started(t) {
  const folder = temporary(t), store = newStore(t, folder);
  const env = { HOALU_KEY: path.join(folder, 'key') };
  const made = await run(['org', 'load', '--store', store], { env });
  assert.equal(made.status, 0, made.stderr);
  const { url } = await serve(t, store, [], env);
  const accept = { accept: 'text/html' };
  const page = async (address, status = 200) => {
    const answer = await fetch(url + address, { headers: accept });
    assert.equal(answer.status, status, address);
    return answer.text();
  };
  // A form as a browser without script sends it: what its hidden fields held, and what was typed. The answer is not followed.
  const send = (address, fields) => fetch(url + address, { method: 'POST', redirect: 'manual', headers: accept, body: new URLSearchParams(fields) });
  const upload = (name, bytes) => {
    const form = new FormData();
    form.append('file', new Blob([bytes]), name);
    return fetch(`${url}/drafts`, { method: 'POST', redirect: 'manual', headers: accept, body: form });
  };
  const call = (name, args, headers = {}) =>
    fetch(`${url}/api/${name}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(args) });
  const get = async (address) => (await fetch(url + address)).json();
  return { folder, store, env, url, page, send, upload, call, get };
}

const version = (text) => /name="_version" value="(\d+)"/.exec(text)[1];
const typed = (text) => {
  const form = /<form class="mend"[\s\S]*?<\/form>/.exec(text)[0];
  const plain = (s) => s.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
  const fields = {};
  for (const [, name, value] of form.matchAll(/<textarea[^>]* name="([^"]+)"[^>]*>([\s\S]*?)<\/textarea>/g)) fields[name] = plain(value.replace(/^\n/, '')); // as a browser reads it
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) fields[/ name="([^"]+)"/.exec(tag)[1]] = plain(/ value="([^"]*)"/.exec(tag)[1]);
  for (const [, name, options] of form.matchAll(/<select[^>]* name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g))
    fields[name] = (/value="([^"]*)" selected/.exec(options) || [null, ''])[1];
  return fields;
};

test('a document is uploaded, reviewed, mended and approved; the plan reads as it was mended', async (t) => {
  const { store, env, page, send, upload, get } = await started(t);
  assert.match(await page('/drafts'), /enctype="multipart\/form-data"/);
  const brought = await upload('ke-hoach.md', fs.readFileSync(source));
  assert.equal(brought.status, 303);
  assert.equal(brought.headers.get('location'), '/drafts/1');
  const draft = await get('/drafts/1');
  assert.equal(draft.state, 'open');
  assert.equal(draft.undecided, draft.items);
  // Beside its source: the words of the document with their line, and what they were understood as.
  const first = await page('/drafts/1');
  const line = fs.readFileSync(source, 'utf8').split('\n').findIndex((l) => /Hoàn thành ban hành Đề án và tổ chức triển khai/.test(l)) + 1;
  assert.match(first, new RegExp(`<span class="n">${line}</span>`));
  // What carries an error stops approval, and is named.
  const early = await page('/drafts/1/approve');
  assert.match(early, /Chưa phê duyệt được[\s\S]*Nhiệm vụ III\.2\.1/);
  assert.equal((await send('/drafts/1/approve', { _version: version(early) })).status, 409);

  // Mend III.3.3: the form with nothing changed but the words of its schedule.
  const form = await page('/drafts/1/items/task-III.3.3');
  const fields = typed(form);
  assert.equal(fields['schedule.due'], '2026-11-30');
  const saved = await send('/drafts/1/items/task-III.3.3', { ...fields, 'schedule.text': 'Hoàn thành trước ngày 01/7/2027' });
  assert.equal(saved.status, 303);
  const item = await get('/drafts/1/items/task-III.3.3');
  assert.equal(item.decision, 'mended');
  assert.deepEqual(item.set, ['schedule.text=Hoàn thành trước ngày 01/7/2027']);
  assert.equal(item.now.schedule.due, '2027-06-30');
  assert.equal(item.read.schedule.due, '2026-11-30');
  const shown = await page('/drafts/1/items/task-III.3.3');
  assert.match(shown, /30\/06\/2027[\s\S]*<del>30\/11\/2026<\/del>/);
  // Sent again as it stands, it is the same decision.
  assert.equal((await send('/drafts/1/items/task-III.3.3', typed(shown))).status, 303);
  assert.deepEqual((await get('/drafts/1/items/task-III.3.3')).set, item.set);

  // A number as it is written here, refused with what was typed kept, then accepted.
  const target = await page('/drafts/1/items/target-II.1.4-3');
  const bad = await send('/drafts/1/items/target-II.1.4-3', { ...typed(target), low: 'chín mươi' });
  assert.equal(bad.status, 400);
  const again = await bad.text();
  assert.match(again, /field--error[\s\S]*phải là số[\s\S]*value="chín mươi"/);
  assert.equal((await send('/drafts/1/items/target-II.1.4-3', { ...typed(again), low: '92,5' })).status, 303);
  assert.equal((await get('/drafts/1/items/target-II.1.4-3')).now.low, 92.5);

  // Refusing needs a reason.
  const refusing = { _version: version(await page('/drafts/1/items/task-III.4.4')), decision: 'refuse' };
  assert.equal((await send('/drafts/1/items/task-III.4.4', { ...refusing, reason: ' ' })).status, 400);
  assert.equal((await send('/drafts/1/items/task-III.4.4', { ...refusing, reason: 'trùng với kế hoạch khác' })).status, 303);

  // The rest at once; what has an error one by one.
  assert.equal((await send('/drafts/1/accept-rest', {})).status, 303);
  for (const one of (await get('/drafts/1/items?limit=1000')).items.filter((i) => i.decision === 'undecided' && i.errors))
    assert.equal((await send(`/drafts/1/items/${one.key}`, { _version: version(await page('/drafts/1')), decision: 'accept' })).status, 303);
  const ready = await page('/drafts/1/approve');
  assert.match(ready, /Bản dựng sẵn sàng để phê duyệt[\s\S]*42 nhiệm vụ, 7 chương trình/);
  const approved = await send('/drafts/1/approve', { _version: version(ready), slug: '06-nq-tu' });
  assert.equal(approved.status, 303);
  assert.equal(approved.headers.get('location'), '/plans/06-nq-tu');

  const tasks = (await get('/tasks?limit=1000')).items;
  assert.equal(tasks.length, 42);
  assert.equal(tasks.find((i) => i.path === 'III.3.3').schedule.due, '2027-06-30');
  assert.ok(!tasks.some((i) => i.path === 'III.4.4'));
  assert.match(await page('/plans/06-nq-tu/clauses/III.3.3'), /30\/06\/2027/);
  assert.match(await page('/drafts/1'), /Bản dựng số 1 đã khép lại/);
  // The ledger says of which draft, and every decision.
  const events = (await get('/ledger?order=oldest&limit=1000')).items;
  assert.equal(events.at(-1).kind, 'plan.approve');
  const said = JSON.parse(events.at(-1).payload);
  assert.equal(said.of_draft, 1);
  assert.equal(said.decisions.filter((d) => d.decision === 'refused')[0].reason, 'trùng với kế hoạch khác');
  assert.ok(events.filter((e) => e.kind === 'draft.decide').length >= 3);
  // Once.
  assert.equal((await send('/drafts/1/approve', { _version: version(ready), slug: '06-nq-tu' })).status, 409);
  assert.equal((await send('/drafts/1/items/task-III.3.3', { decision: 'accept' })).status, 409);
  const found = await run(['doctor', '--store', store], { env });
  assert.equal(found.status, 0, found.stdout);

  // A second version out of the same document, and what differs.
  assert.equal((await upload('ke-hoach.md', fs.readFileSync(source))).headers.get('location'), '/drafts/2');
  for (const one of (await get('/drafts/2/items?limit=1000')).items.filter((i) => i.errors))
    assert.equal((await send(`/drafts/2/items/${one.key}`, { decision: 'accept' })).status, 303);
  assert.equal((await send('/drafts/2/approve', { slug: '06-nq-tu' })).status, 303);
  const compared = await get('/plans/06-nq-tu/compare');
  const tally = (kind, change) => (compared.tallies.find((x) => x.kind === kind && x.change === change) || { n: 0 }).n;
  assert.equal(tally('task', 'added'), 1);
  assert.equal(tally('task', 'rescheduled'), 1);
  assert.equal(tally('target', 'changed'), 1);
  const due = compared.items.find((i) => i.path === 'III.3.3' && i.field === 'schedule.due');
  assert.deepEqual([due.before, due.after], ['2027-06-30', '2026-11-30']);
  const text = await page('/plans/06-nq-tu/compare');
  assert.match(text, /1 nhiệm vụ đổi thời hạn[\s\S]*<del>30\/06\/2027<\/del>\s*<ins>30\/11\/2026<\/ins>/);
  const { position } = compared.to;
  assert.match(await page(`/plans/06-nq-tu/compare?from=${position}&to=${position}`), /Hai phiên bản giống nhau hoàn toàn/);
  await page('/plans/06-nq-tu/compare?from=2020-01-01', 404);
  await page('/plans/06-nq-tu/compare?from=hom-qua', 400);
});

test('two people at one item: the later is told, and sees both', async (t) => {
  const { page, send, upload, call, get } = await started(t);
  await upload('ke-hoach.md', fs.readFileSync(source));
  const mine = await page('/drafts/1/items/task-III.1.1');
  const theirs = await call('draft.decide', { draft: 1, item: 'task-III.1.1', decision: 'mend', set: ['lead=Sở Nội vụ'] });
  assert.equal(theirs.status, 200);
  const late = await send('/drafts/1/items/task-III.1.1', { ...typed(mine), lead: 'Công an tỉnh' });
  assert.equal(late.status, 409);
  const both = await late.text();
  assert.match(both, /đã có quyết định khác/);
  assert.match(both, /<dd>\s*Sở Nội vụ/);
  assert.match(both, /<textarea[^>]*>\nCông an tỉnh<\/textarea>/);
  assert.deepEqual((await get('/drafts/1/items/task-III.1.1')).now.lead, ['Sở Nội vụ']);
  // Sent once more, now knowing it, it holds.
  assert.equal((await send('/drafts/1/items/task-III.1.1', typed(both))).status, 303);
  assert.deepEqual((await get('/drafts/1/items/task-III.1.1')).now.lead, ['Công an tỉnh']);
  // For programs: the version in the arguments, or as a condition.
  const stale = await call('draft.decide', { draft: 1, item: 'task-III.1.1', decision: 'accept', version: 1 });
  assert.equal(stale.status, 409);
  assert.equal((await stale.json()).field, 'version');
  assert.equal((await call('draft.decide', { draft: 1, item: 'task-III.1.1', decision: 'accept' }, { 'if-match': '"1"' })).status, 412);
});

test('a Word file is a draft too; what is none is refused in words, and leaves nothing', async (t) => {
  const { folder, url, page, upload, call, get } = await started(t);
  const word = path.join(folder, 'k.html');
  fs.writeFileSync(word, html(fs.readFileSync(source, 'utf8')));
  const [docx] = convert([word], 'docx', folder);
  const form = new FormData();
  form.append('file', new Blob([fs.readFileSync(docx)]), 'kế hoạch.docx');
  const brought = await fetch(`${url}/api/draft.create`, { method: 'POST', body: form });
  assert.equal(brought.status, 200);
  const { draft } = (await brought.json()).result;
  const items = (await get(`/drafts/${draft}/items?limit=1000`)).items;
  assert.equal(items.filter((i) => i.kind === 'task').length, 43);
  assert.equal((await get('/drafts')).items[0].source_name, 'kế hoạch.docx');
  assert.match(await page(`/drafts/${draft}?show=all`), /Xây dựng và thực hiện Đề án chuyển đổi số/);

  const bytes = fs.readFileSync(docx);
  for (const [name, content] of [
    ['trong.txt', Buffer.from('')],
    ['tho.txt', Buffer.from('Trăm năm trong cõi người ta\n')],
    ['hong.docx', bytes.subarray(0, bytes.length / 2)],
    ['anh.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['../../etc/passwd.pdf', Buffer.from('%PDF-1.7\n<<<<>>>>')],
    ['rac.docx', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(5000, 0xff)])],
  ]) {
    const refused = await upload(name, content);
    assert.ok([400, 413].includes(refused.status), `${name}: ${refused.status}`);
    assert.match(await refused.text(), /<p class="err"[\s\S]*?<span>[^<]{10,}<\/span>/, name);
  }
  const nothing = await fetch(`${url}/drafts`, { method: 'POST', headers: { accept: 'text/html' }, body: new FormData() });
  assert.equal(nothing.status, 400);
  assert.equal((await get('/drafts')).items.length, 1);
  // What a page elsewhere makes a browser send is not taken.
  const foreign = await fetch(`${url}/drafts/${draft}/discard`, { method: 'POST', headers: { accept: 'text/html', origin: 'http://example.org' }, body: new URLSearchParams({}) });
  assert.equal(foreign.status, 403);
  assert.equal((await call('draft.discard', { draft, reason: 'thử' })).status, 200);
  assert.equal((await call('plan.approve', { draft })).status, 409);
});
