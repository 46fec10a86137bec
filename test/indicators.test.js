'use strict';
// Indicators as they are read: a figure that was sent counts in the next answer, everywhere; every status says why; the pages work
// with and without script, on a telephone, in English. Runs on PostgreSQL as well (HOALU_TEST_POSTGRES), there with two servers.

const { test, before, after } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { run, temporary, root } = require('./lib/hoalu.js');
const { newStore, server } = require('./lib/store.js');
const { serve } = require('./lib/serve.js');
const { valid } = require('./browser/valid.js');
const { Hall, picture, fits, axe, widths } = require('./browser/browser.js');

const plan = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');
const HTML = { accept: 'text/html' };
// Communes of Ninh Bình: Phường Phủ Lý, Phường Duy Tiên, Xã Bình Lục.
const [PHU_LY, DUY_TIEN, BINH_LUC] = ['13285', '13324', '13504'];

async function fill(store, words) {
  const made = await run([...words, '--store', store]);
  assert.equal(made.status, 0, made.stderr);
}

async function prepare(store) {
  await fill(store, ['org', 'load']);
  await fill(store, ['plan', 'load', plan]);
  await fill(store, ['indicator', 'load']);
}

// Figures by HTTP: the position of the answer.
async function send(url, rows, more = {}) {
  const text = ['indicator,place,period,value,source', ...rows.map((r) => r.join(','))].join('\n');
  const answer = await fetch(new URL('/api/value.load', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'so-lieu.csv', text, official: true, ...more }),
  });
  const said = await answer.text();
  assert.equal(answer.status, 200, said);
  const position = answer.headers.get('hoalu-position');
  assert.match(position, /^\d+$/);
  return position;
}

// One figure, as somebody would put it in: the position of the answer.
async function put(url, figure) {
  const answer = await fetch(new URL('/api/value.put', url), {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(figure),
  });
  const said = await answer.text();
  assert.equal(answer.status, 200, said);
  return answer.headers.get('hoalu-position');
}

async function started(t) {
  const store = newStore(t, temporary(t));
  await prepare(store);
  const one = await serve(t, store, ['--sample']);
  // Another server over the same PostgreSQL; over a file there is one.
  const other = server ? await serve(t, store, ['--sample']) : one;
  const page = async (address, position, from = other.url, headers = HTML) => {
    const answer = await fetch(new URL(address, from), { headers: { ...headers, ...(position && { 'hoalu-position': position }) } });
    assert.equal(answer.status, 200, `${address}: ${answer.status}`);
    return answer.text();
  };
  return { store, url: one.url, other: other.url, page };
}

const words = (html) => html.replace(/<(script|style)[^>]*>.*?<\/\1>/gs, '').replace(/<[^>]*>/g, ' ').replaceAll('&amp;', '&').replace(/\s+/g, ' ');
const big = (html) => words(/<p class="big[^>]*>(.*?)<\/p>/s.exec(html)[1]).trim();
const status = (html) => words(/<span class="st [^"]*st--box">(.*?)<\/span><\/span>/s.exec(html)[0]).trim();

test('a figure that was sent shows in the total, the programme, the chart and the status of the next answer', async (t) => {
  const { url, page } = await started(t);
  assert.match(await page('/indicators/DMST-KN'), /Chưa có số liệu/);

  // Two communes in the first half of 2025: 40 + 25 = 65 start-ups.
  let position = await send(url, [['DMST-KN', PHU_LY, '2025-S1', '40'], ['DMST-KN', DUY_TIEN, '2025-S1', '25']]);
  let html = await page('/indicators/DMST-KN', position);
  assert.equal(big(html), '65 doanh nghiệp');
  assert.match(html, /6 tháng đầu năm 2025: 65 doanh nghiệp/, 'the chart has a point');
  assert.match(words(await page('/programmes/06-nq-tu.IV.1', position)), /65 doanh nghiệp/);
  assert.match(words(await page('/plans/06-nq-tu', position)), /65 doanh nghiệp/, 'beside its clause');

  // The target is more than 150 by the end of 2030: with 130 and 40 it is reached.
  position = await send(url, [['DMST-KN', PHU_LY, '2026-S1', '130'], ['DMST-KN', DUY_TIEN, '2026-S1', '40']]);
  html = await page('/indicators/DMST-KN', position);
  assert.equal(big(html), '170 doanh nghiệp');
  assert.match(html, /6 tháng đầu năm 2026: 170 doanh nghiệp/);
  assert.equal(status(html), 'Đã đạt');
  assert.match(words(await page('/programmes/06-nq-tu.IV.1', position)), /170 doanh nghiệp/);
  assert.match(words(await page('/targets/06-nq-tu.II.1.3-3a', position)), /170 doanh nghiệp.*Đã đạt/);

  // A place has its own page, and the figure its own: who sent it, and that it counts.
  assert.equal(big(await page(`/indicators/DMST-KN?place=${PHU_LY}`, position)), '130 doanh nghiệp');
  const figure = words(await page(`/indicators/DMST-KN/values/${PHU_LY}/2026-S1`, position));
  assert.match(figure, /Phường Phủ Lý, 6 tháng đầu năm 2026: 130 doanh nghiệp/);
  assert.match(figure, /đang dùng, chính thức/);

  // A correction keeps the old figure with its reason.
  position = await put(url, { indicator: 'DMST-KN', place: PHU_LY, period: '2026-S1', amount: 100, reason: 'đếm trùng 30 doanh nghiệp' });
  html = await page('/indicators/DMST-KN', position);
  assert.equal(big(html), '140 doanh nghiệp');
  assert.notEqual(status(html), 'Đã đạt');
  const corrected = await page(`/indicators/DMST-KN/values/${PHU_LY}/2026-S1`, position);
  assert.match(corrected, /<del>130<\/del>/);
  assert.match(words(corrected), /đếm trùng 30 doanh nghiệp/);
});

test('what is worked out opens to what went in', async (t) => {
  const { url, page } = await started(t);
  // (45 + 30) of (60 + 90) transactions without cash: 75 / 150 = 50 %, not the mean of 75 % and 33,3 %.
  const position = await send(url, [
    ['CDS-KTS', PHU_LY, '2026-Q3', '45'], ['CDS-KTG', PHU_LY, '2026-Q3', '60'],
    ['CDS-KTS', BINH_LUC, '2026-Q3', '30'], ['CDS-KTG', BINH_LUC, '2026-Q3', '90'],
  ]);
  const html = await page('/indicators/CDS-KT', position);
  assert.equal(big(html), '50,0%');
  const chain = /<ol class="chain">(.*?)<\/ol>/s.exec(html)[1];
  assert.match(words(chain), /75 ÷ 150|75 \/ 150/);
  for (const input of ['CDS-KTS', 'CDS-KTG']) assert.match(chain, new RegExp(`/indicators/${input}/values/`));
  assert.equal(big(await page(`/indicators/CDS-KT?place=${PHU_LY}`, position)), '75,0%');
});

test('two sources that differ are both told, and neither is averaged', async (t) => {
  const { url, page } = await started(t);
  await send(url, [['DMST-KN', PHU_LY, '2026-S1', '130']]);
  const position = await send(url, [['DMST-KN', PHU_LY, '2026-S1', '118', 'Sở Tài chính']]);
  const html = await page(`/indicators/DMST-KN?place=${PHU_LY}`, position);
  assert.equal(big(html), '130 doanh nghiệp');
  assert.match(words(html), /hai nguồn khác nhau/);
  assert.match(words(html), /Sở Tài chính.{0,20}118 doanh nghiệp/);
  assert.doesNotMatch(words(html), /124/);
});

test('the page, JSON, CSV and XLSX of the list have the same rows, and the headline counts them', async (t) => {
  const { url, page } = await started(t);
  const position = await send(url, [['DMST-KN', PHU_LY, '2026-S1', '170'], ['NL-CNS', '37', '2026-S1', '900']]);
  for (const query of ['', '&status=met', '&status=no_data&q=du+lieu', '&q=khong+co+chu+nay']) {
    const html = await page(`/indicators?plan=06-nq-tu${query}`, position);
    const shown = [...html.matchAll(/<th scope="row"><a href="\/indicators\/([^"?]+)"/g)].map((m) => decodeURIComponent(m[1]));
    const link = /href="(\/indicators\.json[^"]*)"/.exec(html)[1].replaceAll('&amp;', '&');
    const items = JSON.parse(await page(link, position, undefined, {})).items;
    assert.deepEqual(items.map((i) => i.code).sort(), [...shown].sort(), query);
    const csv = (await page(link.replace('.json', '.csv'), position, undefined, {})).trim().split('\r\n');
    assert.equal(csv.length - 1, items.length, query);
    const xlsx = await fetch(new URL(link.replace('.json', '.xlsx'), url), { headers: { 'hoalu-position': position } });
    assert.equal(xlsx.status, 200);
    assert.match(xlsx.headers.get('content-type'), /spreadsheetml/);
    await xlsx.arrayBuffer();
  }
  const all = JSON.parse(await page('/indicators.json?plan=06-nq-tu&limit=1000', position, undefined, {})).items;
  const count = (word) => all.filter((i) => i.standing.status === word).length;
  const html = await page('/indicators?plan=06-nq-tu', position);
  assert.match(words(/<h1>(.*?)<\/h1>/s.exec(html)[1]), new RegExp(`${count('no_data')}( trong| chưa)`));
  const one = all.find((i) => i.code === 'DMST-KN');
  assert.equal(one.standing.status, 'met');
  assert.equal(one.standing.value, 170);
  assert.equal(one.standing.period, '2026-S1');
  assert.match(one.standing.why, /170/);
  const whole = JSON.parse(await page('/indicators/DMST-KN.json', position, undefined, {}));
  assert.equal(whole.standing.status, 'met');
  assert.deepEqual(whole.periods.map((p) => [p.period, p.value]), [['2026-S1', 170]]);
});

test('as of a day before, a figure was not there', async (t) => {
  const { url, page } = await started(t);
  const position = await send(url, [['NL-CNS', '37', '2026-S1', '900']]);
  assert.equal(big(await page('/indicators/NL-CNS', position)), '900 người');
  // The store itself is of today: yesterday there was no dictionary.
  const answer = await fetch(new URL('/indicators/NL-CNS?as-of=2020-01-01', url), { headers: HTML });
  assert.equal(answer.status, 404);
});

test('every page of indicators is sound HTML in both languages, and its links lead somewhere', async (t) => {
  const { url, page } = await started(t);
  const rows = [PHU_LY, DUY_TIEN, BINH_LUC, '13318', '13330', '13336'].flatMap((place, i) =>
    ['2024-S2', '2025-S1', '2025-S2', '2026-S1'].map((period, k) => ['DMST-KN', place, period, String(20 + 3 * i + 2 * k)]));
  const position = await send(url, rows);
  const pages = ['/indicators', '/indicators?set=DTI-2025', '/indicators/DMST-KN', `/indicators/DMST-KN?place=${PHU_LY}`,
    '/indicators/DMST-KN/values/37/2026-S1', `/indicators/DMST-KN/values/${PHU_LY}/2026-S1`, '/indicators/CDS-KT', '/indicators/KTS-GRDP',
    '/indicators/KHCN-PTN', '/targets/06-nq-tu.II.1.3-3a', '/programmes/06-nq-tu.IV.1', '/plans/06-nq-tu/clauses/II.1.3-3'];
  const links = new Set();
  for (const address of pages)
    for (const lang of ['vi', 'en']) {
      const html = await page(`${address}${address.includes('?') ? '&' : '?'}lang=${lang}`, position);
      assert.deepEqual(await valid(html), [], address);
      assert.doesNotMatch(html, /\(null\)|undefined|NaN| style=|-nan/, address);
      assert.equal(new Set([...html.matchAll(/ id="([^"]*)"/g)].map((m) => m[1])).size, [...html.matchAll(/ id="/g)].length, `${address}: an id comes twice`);
      for (const [, href] of html.matchAll(/ href="([^"]*)"/g)) {
        const link = href.replaceAll('&amp;', '&');
        if (link.startsWith('#')) assert.ok(html.includes(` id="${link.slice(1)}"`), `${address} → ${link}`);
        else if (/^\/indicators/.test(link) && !/\/values\/|\.(json|csv|xlsx)|lang=/.test(link)) links.add(link.split('#')[0]);
      }
    }
  for (const link of links) await page(link, position);
});

test('an indicator, a place and a period that do not exist are not there', async (t) => {
  const { url } = await started(t);
  for (const address of ['/indicators/KHONG-CO', '/indicators/DMST-KN?place=99999', '/indicators/DMST-KN/values/37/hom-qua', '/indicators/DMST-KN/values/99999/2026-S1']) {
    const answer = await fetch(new URL(address, url), { headers: HTML });
    assert.equal(answer.status, 404, address);
  }
  for (const query of ['status=tot', 'set=KHONG-CO', 'limit=0']) {
    const answer = await fetch(new URL(`/indicators.json?${query}`, url));
    assert.equal(answer.status, 400, query);
  }
});

// --- in a browser ---

const hall = new Hall();
before(async () => {
  await hall.open();
  await fill(hall.store, ['indicator', 'load']);
  const communes = [PHU_LY, DUY_TIEN, BINH_LUC, '13318', '13330', '13336', '13348', '13363'];
  await send(hall.url, communes.flatMap((place, i) =>
    ['2024-S1', '2024-S2', '2025-S1', '2025-S2', '2026-S1'].map((period, k) => ['DMST-KN', place, period, String(5 + i + k)])));
});
after(() => hall.close());

const heading = (page) => page.getByRole('heading', { level: 1 }).innerText();
const sound = async (page, name) => {
  await fits(page);
  await picture(page, name);
  if (page.options.js && !server) assert.deepEqual(await axe(page), [], page.url());
};

for (const js of [true, false])
  for (const width of server ? [js ? widths.at(-1) : widths[0]] : widths)
    test(`from the list to who sent a figure (${width} px, ${js ? 'with' : 'without'} script)`, () =>
      hall.visit({ js, width }, async (page) => {
        await page.goto('/indicators');
        assert.match(await heading(page), /chỉ tiêu/);
        await sound(page, 'indicators');
        await page.getByRole('link', { name: /^Doanh nghiệp khởi nghiệp/ }).first().click();
        await page.waitForURL(/\/indicators\/DMST-KN$/);
        await sound(page, 'indicator');
        // 8 communes of 9 to 16: 100.
        assert.equal(await page.locator('.big').innerText(), '100 doanh nghiệp');
        await page.getByRole('link', { name: 'xem từng nơi' }).click();
        assert.match(await heading(page), /Tỉnh Ninh Bình, 6 tháng đầu năm 2026: 100 doanh nghiệp/);
        await sound(page, 'figure');
        await page.getByRole('link', { name: 'Phường Phủ Lý' }).click();
        assert.match(await heading(page), /Phường Phủ Lý, 6 tháng đầu năm 2026: 9 doanh nghiệp/);
        await page.goto('/plans/06-nq-tu/clauses/II.1.3-3');
        await page.getByRole('link', { name: '100 doanh nghiệp' }).first().waitFor();
        await sound(page, 'clause-indicator');
      }));

test('dark and in English the pages have no serious fault either', () =>
  hall.visit({ lang: 'en', colorScheme: 'dark' }, async (page) => {
    for (const address of ['/indicators', '/indicators/DMST-KN', '/indicators/DMST-KN/values/37/2026-S1', '/indicators/CDS-KT']) {
      await page.goto(address);
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      assert.deepEqual(await axe(page), [], address);
    }
  }));
