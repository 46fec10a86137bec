'use strict';
// The pages in a real browser: what a reader does, with and without script, on an old office screen and on a telephone; what
// axe-core says of every kind of page; paper. Runs on PostgreSQL as well (HOALU_TEST_POSTGRES): the journeys alone, since what
// follows them looks at pages and asks nothing of a store.

const { test, before, after } = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { Hall, picture, fits, axe, widths } = require('./browser/browser.js');
const { server } = require('./lib/store.js');

const hall = new Hall();
before(() => hall.open());
after(() => hall.close());

// One journey at each size, with script and without; on PostgreSQL each of these once.
function journey(name, work) {
  for (const js of [true, false])
    for (const width of server ? [js ? 1366 : 390] : widths)
      test(`${name} (${width} px, ${js ? 'with' : 'without'} script)`, () => hall.visit({ js, width }, work));
}

const text = (locator) => locator.innerText();
const heading = (page) => text(page.getByRole('heading', { level: 1 }));

journey('the plan is read from its first page', async (page) => {
  await page.goto('/');
  assert.match(await heading(page), /06-NQ\/TU/);
  assert.match(await text(page.locator('main')), /43 nhiệm vụ, 7 chương trình/);
  await fits(page);
  await picture(page, 'plan');
  // The table of contents, which is folded on a telephone, leads to its place in the text.
  const contents = page.getByRole('link', { name: /TỔ CHỨC THỰC HIỆN/ }).first();
  if (!(await contents.isVisible())) await page.locator('summary', { hasText: 'Mục lục' }).click();
  await contents.click();
  assert.equal(new URL(page.url()).hash, '#V');
  await page.waitForFunction(() => Math.abs(document.getElementById('V').getBoundingClientRect().top) < innerHeight);
  // The margin tells what the words of III.3.3 come to.
  const clause = page.locator('[id="III.3.3"]');
  const said = await text(clause);
  for (const part of ['30/11/2026', 'Đảng ủy Ủy ban nhân dân tỉnh']) assert.ok(said.includes(part), `${part} in ${said}`);
});

journey('a clause is followed to its own page and back to its place', async (page) => {
  await page.goto('/plans/06-nq-tu');
  await page.locator('[id="III.3.3"]').getByRole('link').first().click();
  await page.waitForURL('**/plans/06-nq-tu/clauses/III.3.3');
  assert.match(await heading(page), /^III\.3\.3/);
  assert.match(await text(page.locator('main')), /30\/11\/2026/);
  await fits(page);
  await picture(page, 'clause');
  await page.getByRole('navigation', { name: 'Kế hoạch' }).getByRole('link').last().click();
  await page.waitForURL('**/plans/06-nq-tu#III.3.3');
  await page.waitForFunction(() => {
    const box = document.getElementById('III.3.3').getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  });
});

journey('the lists say how much there is, and each row leads on', async (page) => {
  for (const [link, said, row, there] of [
    ['Nhiệm vụ', /^43 nhiệm vụ/, 'III.3.3', '/tasks/06-nq-tu.III.3.3'],
    ['Chương trình', /^7 chương trình/, 'IV.1', '/programmes/06-nq-tu.IV.1'],
    ['Mục tiêu', /^47 mục tiêu/, 'II.1.1-1', '/targets/06-nq-tu.II.1.1-1'],
    ['Trách nhiệm', /^30 trách nhiệm/, 'V.8.3', '/plans/06-nq-tu/clauses/V.8.3'],
    ['Phát hiện', /^\d+ điểm phát hiện/, 'II.1.2-2', '/plans/06-nq-tu/clauses/II.1.2-2'],
  ]) {
    await page.goto('/');
    await page.getByRole('navigation', { name: 'Chính' }).getByRole('link', { name: link, exact: true }).click();
    assert.match(await heading(page), said);
    await fits(page);
    await picture(page, { 'Nhiệm vụ': 'tasks', 'Mục tiêu': 'targets', 'Trách nhiệm': 'duties', 'Phát hiện': 'findings' }[link] ?? 'programmes');
    await page.getByRole('link', { name: row, exact: true }).first().click();
    await page.waitForURL(`**${there}`);
    await fits(page);
    await picture(page, there.split('/')[1].replace(/s$/, ''));
  }
});

journey('a list is filtered, says how many are left, and each filter is taken back', async (page) => {
  // As many as a program gets from the same address, and every row has what was asked for.
  const rows = page.locator('main tbody tr');
  const agree = async (words) => {
    const address = new URL(page.url());
    const same = await fetch(`${address.origin}${address.pathname}.json${address.search ? `${address.search}&` : '?'}limit=1000`);
    assert.equal(same.status, 200, page.url());
    assert.equal(await rows.count(), (await same.json()).items.length, page.url());
    for (const row of await rows.allInnerTexts()) assert.match(row, words, page.url());
    await fits(page);
    return rows.count();
  };
  const form = page.getByRole('form', { name: 'Lọc danh sách' });
  const open = async () => {
    if (page.options.width > 860) return;
    assert.equal(await form.isVisible(), false);
    await page.locator('main summary').first().click();
  };
  await page.goto('/tasks');
  await page.locator('main').getByRole('link', { name: /^Chưa có hạn/ }).click();
  assert.match(await heading(page), /^5 nhiệm vụ/);
  assert.equal(await agree(/Chưa có hạn/), 5);

  // By words, without their marks; by what is chosen from a list, which a script sends at once where the form is not
  // unfolded first.
  await page.goto('/tasks');
  await open();
  await form.getByLabel('Chữ trong tên việc').fill('khoi nghiep');
  await form.getByLabel('Thời gian thực hiện').selectOption('Hằng năm');
  if (!page.options.js || page.options.width < 860) await form.getByRole('button', { name: 'Lọc' }).click();
  await page.waitForURL('**schedule=yearly**');
  assert.equal(new URL(page.url()).searchParams.get('q'), 'khoi nghiep');
  const both = await agree(/khởi nghiệp/i);
  await page.getByRole('link', { name: 'bỏ lọc Chữ trong tên việc' }).click();
  assert.equal(await heading(page), '8 nhiệm vụ');
  assert.equal(await agree(/Hằng năm/i), 8);
  assert.ok(both > 0 && both < 8);
  await picture(page, 'tasks-filtered');

  await page.getByRole('link', { name: /^Trong 30 ngày/ }).click();
  assert.equal(await heading(page), '0 nhiệm vụ đến hạn trong 30 ngày');
  await fits(page);
  await picture(page, 'tasks-none');
  await page.getByRole('link', { name: /^Bỏ điều kiện “Thời gian thực hiện: Hằng năm”/ }).click();
  await page.waitForURL('**/tasks?due=soon');
});

journey('the language is changed once and stays', async (page) => {
  await page.goto('/tasks');
  await page.getByRole('link', { name: 'English' }).click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.match(await heading(page), /^43 tasks/);
  await page.getByRole('link', { name: 'Targets', exact: true }).click();
  assert.match(await heading(page), /^47 targets/);
  await fits(page);
  await page.getByRole('link', { name: 'Tiếng Việt' }).click();
  assert.match(await heading(page), /^47 mục tiêu/);
});

journey('a wrong address says so and leads back', async (page) => {
  const answer = await page.goto('/plans/06-nq-tu/clauses/IX.9');
  assert.equal(answer.status(), 404);
  assert.equal(await heading(page), 'Không có trang này');
  await fits(page);
  await picture(page, 'missing');
  await page.locator('main').getByRole('link').first().click();
  await page.waitForURL('**/plans');
});

test('what changes while a page is open is told, and shown when the reader asks', () =>
  hall.visit({}, async (page) => {
    const change = async () => {
      const answer = await fetch(`${hall.url}/api/ledger.seal`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
      assert.equal(answer.status, 200);
    };
    await page.goto('/tasks');
    const told = page.getByRole('status').getByRole('button', { name: 'Tải lại' });
    assert.equal(await told.isVisible(), false);
    await change();
    await told.waitFor();
    await fits(page);
    await picture(page, 'changed');
    await told.click();
    await page.waitForLoadState();
    await page.waitForFunction(() => document.getElementById('changed').hidden);
    assert.match(await heading(page), /^43 nhiệm vụ/);
    // The past does not change.
    await page.goto(`/tasks?as-of=2099-01-01`);
    await change();
    await page.waitForTimeout(1500);
    assert.equal(await told.isVisible(), false);
  }));

test('the key "/" goes to the search box, and is a letter inside it', () =>
  hall.visit({}, async (page) => {
    await page.goto('/plans');
    const box = page.getByRole('searchbox').first();
    await page.keyboard.press('/');
    assert.ok(await box.evaluate((e) => e === document.activeElement));
    await page.keyboard.type('a/b');
    assert.equal(await box.inputValue(), 'a/b');
  }));

journey('words are found with and without their marks, and the exact come first', async (page) => {
  const find = async (words) => {
    const box = page.getByRole('searchbox').first();
    await box.fill(words);
    await box.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('q') === words);
    await fits(page);
    return page.locator('main mark').allInnerTexts();
  };
  await page.goto('/plans');
  const exact = await find('đường');
  assert.equal(exact[0].toLowerCase(), 'đường');
  assert.ok((await heading(page)).includes('“đường”'));
  await picture(page, 'search');
  const bare = await find('duong');
  assert.deepEqual(bare.map((m) => m.toLowerCase()).sort(), exact.map((m) => m.toLowerCase()).sort());
  assert.equal((await find('phương'))[0].toLowerCase(), 'phương');
  assert.equal((await find('phường'))[0].toLowerCase(), 'phường');
  await find('đường');
  await page.locator('main ol').getByRole('link').first().click();
  await page.waitForURL(/\/(plans|tasks|targets|programmes|orgs|areas)\//);
  assert.match(await text(page.locator('main')), /đường/);
  await page.goto('/search?q=khongcochunaonhuthe');
  assert.match(await heading(page), /[Kk]hông/);
  await fits(page);
});

// Every kind of page, by an example.
const kinds = {
  plans: '/plans', plan: '/plans/06-nq-tu', clause: '/plans/06-nq-tu/clauses/III.3.3', tasks: '/tasks', programmes: '/programmes',
  targets: '/targets', duties: '/duties', findings: '/findings', task: '/tasks/06-nq-tu.III.2.6', programme: '/programmes/06-nq-tu.IV.4',
  target: '/targets/06-nq-tu.III.3.1b', filtered: '/tasks?body=DU-UBND&due=missing&as-of=2036-12-31', none: '/tasks?schedule=yearly&due=soon',
  orgs: '/orgs', org: '/orgs/UBND', group: '/orgs/N-SO-BAN-NGANH', owed: '/owed', areas: '/areas', area: '/areas/37', names: '/unknown-names',
  search: '/search?q=dữ+liệu', signs: '/signs', drafts: '/drafts', ledger: '/ledger', ledger_chain: '/ledger?subject=plans/06-nq-tu/III.3.3', event: '/ledger/2', verify: '/ledger/verify', seals: '/public/seals', missing: '/khong/co',
};

if (!server) {
  for (const lang of ['vi', 'en'])
    test(`axe-core finds no serious fault on any kind of page, light and dark (${lang})`, () =>
      hall.visit({ lang }, async (page) => {
        for (const [kind, address] of Object.entries(kinds)) {
          assert.equal((await page.goto(address)).status(), kind === 'missing' ? 404 : 200, address);
          assert.equal(await page.locator('html').getAttribute('lang'), lang);
          for (const scheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme: scheme });
            assert.deepEqual(await axe(page, scheme === 'dark' ? ['color-contrast'] : null), [], `${kind}, ${scheme}`);
            await picture(page, scheme === 'dark' ? `${kind}-dark` : kind);
          }
        }
      }));

  test('nothing is wider than a telephone, in either language', async () => {
    for (const lang of ['vi', 'en'])
      await hall.visit({ width: 390, lang }, async (page) => {
        for (const [kind, address] of Object.entries(kinds)) {
          await page.goto(address);
          await fits(page);
          await picture(page, kind);
        }
      });
  });

  test('the keyboard reaches everything, in order, and where it stands is seen', async () => {
    for (const address of ['/plans/06-nq-tu', '/tasks'])
      await hall.visit({}, async (page) => {
        await page.goto(address);
        const wanted = await page.evaluate(() => {
          const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
          return all.filter((e) => e.offsetParent !== null || e.getClientRects().length).length;
        });
        const seen = [];
        for (let i = 0; i <= 4 * wanted; i++) {
          await page.keyboard.press('Tab');
          const at = await page.evaluate(() => {
            const e = document.activeElement;
            if (!e || e === document.body) return null;
            const box = e.getBoundingClientRect(), style = getComputedStyle(e);
            e.dataset.reached = '1';
            return {
              what: `${e.tagName} ${e.textContent.trim().slice(0, 40)}`,
              // Inside a date the browser shows by itself where it stands.
              ring: !e.matches(':focus') || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
              shown: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.left < innerWidth,
            };
          });
          if (!at) break;
          seen.push(at);
          assert.ok(at.ring, `no ring around ${at.what}`);
          assert.ok(at.shown, `out of sight: ${at.what}`);
        }
        assert.equal(await page.evaluate(() => document.querySelectorAll('[data-reached]').length), wanted, address);
        assert.match(seen[0].what, /Đến nội dung chính/);
      });
  });

  test('the first key skips to the content', async () => {
    await hall.visit({}, async (page) => {
      await page.goto('/tasks');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)));
    });
  });

  test('on paper stands the plan, without the navigation', async () => {
    await hall.visit({}, async (page) => {
      await page.goto('/plans/06-nq-tu');
      const file = path.join(hall.folder, 'plan.pdf');
      fs.writeFileSync(file, await page.pdf({ format: 'A4' }));
      const paper = execFileSync('pdftotext', ['-layout', file, '-'], { maxBuffer: 1 << 26 }).toString().normalize('NFC');
      const flat = paper.replace(/\s+/g, ' ');
      for (const part of ['NHIỆM VỤ VÀ GIẢI PHÁP', '30/11/2026', 'Đảng ủy Ủy ban nhân dân tỉnh', 'BẢN TRÌNH DIỄN'])
        assert.ok(flat.includes(part), part);
      assert.doesNotMatch(flat, /Đến nội dung chính|Mục lục/);
      await page.emulateMedia({ media: 'print' });
      for (const nav of await page.getByRole('navigation', { includeHidden: true }).all()) assert.equal(await nav.isVisible(), false);
      // Dark by preference, paper stays white.
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
    });
  });
}
