'use strict';
// A document becomes a plan in the browser: brought in, reviewed beside its source (an item mended, one refused with its reason,
// the rest accepted), approved, and read as a plan. With script and without, on an office screen and on a telephone. Runs on
// PostgreSQL as well (HOALU_TEST_POSTGRES).

const { test, before, after } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { Hall, picture, fits, axe, widths } = require('./browser/browser.js');
const { root } = require('./lib/hoalu.js');
const { server } = require('./lib/store.js');

// An invented programme in a table: ten tasks with their leads and products.
const document = path.join(root, 'test/plans/several-leads.md');

const hall = new Hall();
before(() => hall.open());
after(() => hall.close());

const text = (locator) => locator.innerText();
const heading = (page) => text(page.getByRole('heading', { level: 1 }));
const press = (page, name) => page.locator('main').getByRole('button', { name }).first().click();
const follow = (page, name) => page.locator('main').getByRole('link', { name }).first().click();

// What the review of one draft has come to: "3 chấp nhận, 1 đã sửa, 1 từ chối, 5 chưa quyết định".
async function progress(page) {
  const said = /(\d+) chấp nhận, (\d+) đã sửa, (\d+) từ chối, (\d+) chưa quyết định/.exec(await text(page.locator('main')));
  assert.ok(said, `${page.url()} says how far the review is`);
  const [accepted, mended, refused, undecided] = said.slice(1).map(Number);
  return { accepted, mended, refused, undecided };
}

for (const js of [true, false])
  for (const width of server ? [js ? 1366 : 390] : widths)
    test(`a document is brought in, reviewed and approved (${width} px, ${js ? 'with' : 'without'} script)`, () =>
      hall.visit({ js, width }, async (page) => {
        await page.goto('/drafts');
        await page.getByLabel('Tệp văn bản kế hoạch').setInputFiles(document);
        await press(page, 'Đọc thành bản dựng');
        await page.waitForURL(/\/drafts\/\d+$/);
        const draft = new URL(page.url()).pathname;
        await fits(page);
        await picture(page, 'draft');

        // One item is mended: its product gets a name.
        await page.goto(`${draft}?show=all`);
        await fits(page);
        await page.getByRole('link', { name: /^Sửa.*\b2$/s }).first().click();
        await fits(page);
        await picture(page, 'draft-item');
        assert.match(await text(page.locator('main')), /Xây dựng khu thử nghiệm thiết bị bay/);
        await page.getByLabel('Sản phẩm').fill('Khu thử nghiệm ở bãi bồi ven sông');
        await press(page, 'Lưu bản sửa');
        assert.equal((await (await page.goto(draft)).status()), 200);
        assert.equal((await progress(page)).mended, 1);

        // One is refused: not without a reason.
        await page.goto(`${draft}?show=all`);
        await page.getByRole('link', { name: /^Từ chối.*\b7$/s }).first().click();
        await press(page, 'Từ chối');
        await page.getByRole('alert').first().waitFor();
        await page.getByLabel('Lý do').first().fill('Đã có trong chương trình khác');
        await press(page, 'Từ chối');
        await page.goto(draft);
        assert.equal((await progress(page)).refused, 1);

        // What nothing was found about is accepted in one go, the rest one by one.
        if (await page.getByRole('button', { name: /^Chấp nhận \d+ mục/ }).count()) await press(page, /^Chấp nhận \d+ mục/);
        for (let left = (await progress(page)).undecided; left > 0; left--) {
          await page.goto(`${draft}?show=undecided`);
          await press(page, /^Chấp nhận /);
          assert.equal((await progress(page)).undecided, left - 1);
        }
        assert.deepEqual((({ mended, refused, undecided }) => ({ mended, refused, undecided }))(await progress(page)), { mended: 1, refused: 1, undecided: 0 });

        // Approved, it is a plan, and a draft no longer.
        await page.goto(draft);
        await follow(page, 'Phê duyệt…');
        await fits(page);
        await picture(page, 'draft-approve');
        const slug = `chuong-trinh-${width}-${js ? 'js' : 'khong'}`;
        await page.getByLabel('Tên kế hoạch trong địa chỉ').fill(slug);
        await press(page, 'Phê duyệt thành kế hoạch');
        await page.waitForURL(`**/plans/${slug}*`);
        const plan = await text(page.locator('main'));
        assert.match(plan, /Khu thử nghiệm ở bãi bồi ven sông/);
        assert.match(plan, /9 nhiệm vụ/);
        await fits(page);
        const answer = await page.goto(draft);
        assert.equal(answer.status(), 200);
        assert.equal(await page.locator('main').getByRole('button', { name: /Chấp nhận/ }).count(), 0);
      }));

if (!server)
  test('the review has no serious fault for axe-core, in either language', async () => {
    await hall.visit({}, async (page) => {
      await page.goto('/drafts');
      await page.getByLabel('Tệp văn bản kế hoạch').setInputFiles(document);
      await press(page, 'Đọc thành bản dựng');
      await page.waitForURL(/\/drafts\/\d+$/);
      const draft = new URL(page.url()).pathname;
      await page.goto(`${draft}?show=all`);
      const item = await page.getByRole('link', { name: /^Sửa/ }).first().getAttribute('href');
      for (const address of ['/drafts', `${draft}?show=all`, item, `${draft}/approve`])
        for (const lang of ['vi', 'en']) {
          await page.goto(`${address}${address.includes('?') ? '&' : '?'}lang=${lang}`);
          assert.deepEqual(await axe(page), [], `${address} ${lang}`);
        }
    });
  });
