'use strict';
// The review of a draft in a real browser, with and without script, on an old office screen and on a telephone; what axe-core
// says of its pages. One draft for each journey: a document once approved is brought in anew. On PostgreSQL as well
// (HOALU_TEST_POSTGRES): each size and each way once.

const { test, before, after } = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { root } = require('./lib/hoalu.js');
const { server } = require('./lib/store.js');
const { Hall, picture, fits, axe, widths } = require('./browser/browser.js');

const source = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');
const hall = new Hall();
before(() => hall.open());
after(() => hall.close());

const heading = (page) => page.getByRole('heading', { level: 1 }).innerText();
const sound = async (page, name) => {
  await fits(page);
  await picture(page, name);
  if (page.options.js && !server) assert.deepEqual(await axe(page), [], page.url());
};

async function acceptWhatStops(page, draft) {
  for (;;) {
    await page.goto(`${draft}/approve`);
    const first = page.locator('.callout--gold a').first();
    if (!(await first.count())) return;
    await first.click();
    await page.getByRole('button', { name: 'Chấp nhận như máy đọc' }).click();
  }
}

for (const js of [true, false])
  for (const width of server ? [js ? widths.at(-1) : widths[0]] : widths)
    test(`a document is brought in, mended and approved (${width} px, ${js ? 'with' : 'without'} script)`, () =>
      hall.visit({ js, width }, async (page) => {
        await page.goto('/drafts');
        await page.getByLabel('Tệp văn bản kế hoạch').setInputFiles(source);
        await sound(page, 'drafts');
        await page.getByRole('button', { name: 'Đọc thành bản dựng' }).click();
        await page.waitForURL(/\/drafts\/\d+$/);
        const draft = new URL(page.url()).pathname;
        assert.match(await heading(page), /^Còn \d+ mục phải xem/);
        await sound(page, 'draft');

        await page.goto(`${draft}/items/task-III.3.3`);
        const words = page.getByLabel('Thời gian thực hiện');
        assert.equal(await words.inputValue(), 'Hoàn thành trước tháng 12/2026');
        await words.fill('Trước ngày 01/7/2027');
        await page.getByRole('button', { name: 'Lưu bản sửa, sang mục sau' }).click();
        await page.goto(`${draft}/items/task-III.3.3`);
        await page.getByText('30/06/2027').first().waitFor();
        await sound(page, 'draft-item');

        await page.goto(`${draft}/items/task-III.4.4`);
        await page.getByRole('button', { name: 'Từ chối' }).click();
        await page.getByRole('alert').filter({ hasText: 'lý do' }).waitFor();
        await page.getByLabel('Lý do').fill('trùng với kế hoạch khác');
        await page.getByRole('button', { name: 'Từ chối' }).click();

        await acceptWhatStops(page, draft);
        assert.equal(await heading(page), 'Bản dựng sẵn sàng để phê duyệt');
        await sound(page, 'draft-approve');
        await page.getByRole('button', { name: 'Phê duyệt thành kế hoạch' }).click();
        await page.waitForURL('**/plans/06-nq-tu');
        await page.goto('/plans/06-nq-tu/clauses/III.3.3');
        assert.match(await page.locator('main').innerText(), /30\/06\/2027/);

        // Against the version that was loaded first.
        await page.goto('/plans/06-nq-tu/compare');
        await page.getByLabel('Phiên bản trước').selectOption({ index: (await page.locator('#from option').count()) - 1 });
        await page.getByRole('button', { name: 'So sánh' }).click();
        assert.match(await page.locator('main').innerText(), /1 nhiệm vụ đổi thời hạn/);
        await sound(page, 'compare');
      }));

if (!server)
  test('the review has no serious fault for axe-core in English either', async () => {
    await hall.visit({}, async (page) => {
      await page.goto('/drafts');
      await page.getByLabel('Tệp văn bản kế hoạch').setInputFiles(source);
      await page.getByRole('button', { name: 'Đọc thành bản dựng' }).click();
      await page.waitForURL(/\/drafts\/\d+$/);
      const draft = new URL(page.url()).pathname;
      await page.goto(`${draft}?show=all`);
      const item = await page.getByRole('link', { name: /^Sửa/ }).first().getAttribute('href');
      await page.goto('/drafts?lang=en');
      for (const address of ['/drafts', `${draft}?show=all`, item, `${draft}/approve`]) {
        await page.goto(address);
        assert.equal(await page.locator('html').getAttribute('lang'), 'en');
        assert.deepEqual(await axe(page), [], address);
      }
    });
  });
