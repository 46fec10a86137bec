'use strict';
// Offices have Chrome 109, the last for Windows 7: nothing of our style sheets, scripts and templates may need a later one, by
// MDN's compatibility data. The planted texts show that the check would see it.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const check = require('./browser/features.js');
const { root } = require('./lib/hoalu.js');

const CHROME = 109;
const web = path.join(root, 'src/front/web');

// Too new by the data, and yet no loss on Chrome 109, with the reason.
const harmless = {
  '@bottom-right': 'the number of a printed page, since Chrome 131; without it the page is printed without a number',
  'paint-order': 'on the text of an SVG drawing, where we use it, since Chrome 35',
};

function files(folder, extension) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((f) => {
    if (f.name === 'node_modules') return [];
    const file = path.join(folder, f.name);
    return f.isDirectory() ? files(file, extension) : f.name.endsWith(extension) ? [file] : [];
  });
}

for (const [kind, extension, least] of [['css', '.css', 1], ['js', '.js', 0], ['html', '.html', 8], ['html', '.svg', 2]])
  test(`every ${extension} of the pages runs on Chrome ${CHROME}`, () => {
    const all = files(web, extension);
    assert.ok(all.length >= least, `${all.length} files`);
    for (const file of all) {
      const text = fs.readFileSync(file, 'utf8');
      const found = check[kind](text, CHROME).filter((f) => !Object.keys(harmless).some((name) => f.includes(`: ${name} (`)));
      assert.deepEqual(found, [], path.relative(root, file));
    }
  });

const refused = {
  css: [
    ['.a { .b { color: red } }', 'nesting'],
    ['.a { & > p { color: red } }', 'nesting under &'],
    ['h1 { text-wrap: balance }', 'a property of 114'],
    ['p { color: color-mix(in srgb, red, blue) }', 'a function of 111'],
    ['p { color: oklch(50% 0.1 20) }', 'another of 111'],
    ['p { background: light-dark(white, black) }', 'a function of 123'],
    [':root { --x: light-dark(white, black) }', 'the same in a token'],
    ['p { width: 2rlh }', 'a unit of 111'],
    ['@scope (.a) { p { color: red } }', 'an at-rule of 118'],
    ['@starting-style { p { opacity: 0 } }', 'an at-rule of 117'],
    ['input:user-invalid { color: red }', 'a pseudo-class of 119'],
    ['p:popover-open { color: red }', 'a pseudo-class of 114'],
    ['@media (scripting: none) { p { color: red } }', 'a media feature of 120'],
    ['.a { grid-template-columns: subgrid }', 'a value of 117'],
    ['.a { color: oklch(50% 0.1 20); color: light-dark(white, black) }', 'no older value beside it'],
    ['.a { colour: red }', 'a slip of the pen'],
  ],
  js: [
    ['Array.fromAsync([])', 'a function of 121'],
    ['const a = []; a.toSorted()', 'a method of 110'],
    ['Object.groupBy([], (x) => x)', 'a function of 117'],
    ['Promise.withResolvers()', 'a function of 119'],
    ['document.startViewTransition(() => {})', 'a method of 111'],
    ['new Set().union(new Set())', 'a method of 122'],
    ['/[\\p{L}--a]/v.test("a")', 'a flag of 112'],
    ['using x = f()', 'later syntax'],
    ['new Temporal.PlainDate(2026, 1, 1)', 'an object of no Chrome then'],
    ['noSuchThing()', 'a slip of the pen'],
  ],
  html: [
    ['<div popover>x</div>', 'an attribute of 114'],
    ['<details name="a"><summary>x</summary></details>', 'an attribute of 120'],
    ['<search><form></form></search>', 'an element of 118'],
    ['<selectedcontent></selectedcontent>', 'an element of 135'],
    ['<p>{% if (x) { %}<button popovertarget="a">x</button>{% } %}</p>', 'inside a template'],
    ['<buton>x</buton>', 'a slip of the pen'],
  ],
};

for (const [kind, texts] of Object.entries(refused))
  test(`the check of ${kind} sees what is later than Chrome ${CHROME}`, () => {
    for (const [text, what] of texts) assert.notDeepEqual(check[kind](text, CHROME), [], `${what}: ${text}`);
  });

test('the check lets pass what Chrome 109 has', () => {
  const passed = {
    css: ['p { color: red; color: oklch(50% 0.1 20) }', 'p:has(> a:focus-visible) { inset: 0; width: min(10px, 2vw); height: 100dvh; aspect-ratio: 1 }', '@media (400px <= width <= 700px) { p { gap: 1px } }',
      '@container (min-width: 10px) { p { color: red } }', '@layer a { p { accent-color: red } }', '@media print { a::after { content: attr(href) } }'],
    js: ['const a = [1]; a.at(-1)?.toFixed(); a.findLast((x) => x)', 'class A { #x = 1; static { this.y = 2 } }', 'structuredClone(document.querySelector("a")?.dataset)',
      'new EventSource("/events").addEventListener("change", (e) => console.log(e.data))'],
    html: ['<dialog open><input type="search" name="q"></dialog><h2 id="a" hidden inert>x</h2>', '<svg viewBox="0 0 1 1"><use href="#a"/></svg>'],
  };
  for (const [kind, texts] of Object.entries(passed)) for (const text of texts) assert.deepEqual(check[kind](text, CHROME), [], text);
});
