'use strict';
// Debian's Chromium driven by Playwright, and one server for a whole test file. Without its windows (chromium-headless-shell) it
// takes half the processor's time, and a page is the same.
//
//   const hall = new Hall();
//   before(() => hall.open()); after(() => hall.close());
//   hall.visit({ js: true, width: 390, lang: 'en' }, async (page) => { … });
//
// A visit has a context of its own. At its end it fails if the page wrote an error to the console, threw, or asked for
// anything beyond the server. Pictures go to build/pictures/NAME-WIDTH-LANG.png; they are output, never compared.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { chromium } = require('playwright-core');
const { run, root, binary } = require('../lib/hoalu.js');
const { newStore } = require('../lib/store.js');
const { serve } = require('../lib/serve.js');

const plan = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');
const pictures = path.join(path.dirname(binary), 'pictures');
const heights = { 1366: 768, 390: 844 };
const widths = Object.keys(heights).map(Number);

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync'];

function chromiumPath() {
  const found = [process.env.HOALU_CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((file) => file && fs.existsSync(file));
  assert.ok(found, 'no Chromium: script/bootstrap test installs it');
  return found;
}

const launch = () => chromium.launch({ executablePath: chromiumPath(), args: flags, chromiumSandbox: false });

class Hall {
  #ends = [];

  // The store is that of the demonstration: the shipped bodies, and the shipped plan approved.
  async open() {
    const t = { after: (end) => this.#ends.push(end) };
    const folder = fs.mkdtempSync(path.join(require('node:os').tmpdir(), 'hoalu-browser-'));
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    this.folder = folder;
    this.store = newStore(t, folder);
    for (const words of [['org', 'load'], ['plan', 'load', plan]]) {
      const made = await run([...words, '--store', this.store]);
      assert.equal(made.status, 0, made.stderr);
    }
    const server = await serve(t, this.store, ['--sample'], { HOALU_KEY: path.join(folder, 'key') });
    this.url = server.url;
    this.browser = await launch();
    t.after(() => this.browser.close());
  }

  async close() {
    for (const end of this.#ends.reverse()) await end();
  }

  async visit({ js = true, width = 1366, lang = 'vi', ...more } = {}, work) {
    const context = await this.browser.newContext({
      baseURL: this.url, javaScriptEnabled: js, viewport: { width, height: heights[width] }, colorScheme: 'light', locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh', ...more,
    });
    const bad = [];
    context.setDefaultTimeout(15000);
    context.on('request', (r) => {
      if (!r.url().startsWith(this.url) && !r.url().startsWith('data:')) bad.push(`asked elsewhere: ${r.url()}`);
    });
    context.on('response', (r) => {
      if (r.status() >= 400 && r.request().resourceType() !== 'document') bad.push(`${r.status()} ${r.url()}`);
    });
    context.on('console', (m) => {
      if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) bad.push(`console: ${m.text()}`);
    });
    context.on('weberror', (e) => bad.push(`thrown: ${e.error().message}`));
    try {
      if (lang !== 'vi') await context.addCookies([{ name: 'lang', value: lang, url: this.url }]);
      const page = await context.newPage();
      page.options = { js, width, lang };
      await work(page, context);
      assert.deepEqual(bad, []);
    } finally {
      await context.close();
    }
  }
}

// The screen as the reader sees it, kept as build/pictures/NAME-WIDTH-LANG.png.
async function picture(page, name) {
  fs.mkdirSync(pictures, { recursive: true });
  const { width, lang } = page.options;
  await page.screenshot({ path: path.join(pictures, `${name}-${width}-${lang}.png`) });
}

// Nothing stands wider than the screen. Names what does.
async function fits(page) {
  const wide = await page.evaluate(() => {
    const screen = window.innerWidth;
    if (document.scrollingElement.scrollWidth <= screen) return [];
    return [...document.querySelectorAll('body *')]
      .filter((e) => e.getBoundingClientRect().right > screen + 1)
      .slice(0, 5)
      .map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)} > ${screen}: ${e.textContent.trim().slice(0, 60)}`);
  });
  assert.deepEqual(wide, [], page.url());
}

const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// What axe-core finds serious or critical: [] is good. `rules` alone, or all of them.
async function axe(page, rules = null) {
  await page.evaluate(axeSource);
  return page.evaluate(async (only) => {
    const found = await window.axe.run(document, { resultTypes: ['violations'], ...(only && { runOnly: { type: 'rule', values: only } }) });
    return found.violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary}`);
  }, rules);
}

module.exports = { Hall, launch, picture, fits, axe, widths, pictures };
