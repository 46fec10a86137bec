'use strict';
// The style sheet's colours, by its tokens: dark mode changes tokens and nothing else, and every pair that text or a mark is set
// in reaches WCAG 2.1's contrast: 4.5 for text, 3 for what is no text, in the light, in the dark, on the wall and on paper.

const { test } = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('./lib/hoalu.js');

const css = fs.readFileSync(path.join(root, 'src/front/web/assets/hoalu.css'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

// The blocks that define tokens, with the media query around them.
const blocks = [];
const rest = css.replace(/(?:@media ([^{]*)\{\s*)?((?::root[^{,]*,?\s*)+)\{([^{}]*--[^{}]*)\}(\s*\})?/g, (whole, media, selector, body, end) => {
  blocks.push({ media: media?.trim(), selector: selector.trim(), tokens: Object.fromEntries([...body.matchAll(/(--[a-z0-9-]+):\s*([^;]+);/g)].map((m) => [m[1], m[2].trim()])) });
  return media && !end ? `@media ${media} {` : '';
});
const isColour = (value) => /^#[0-9a-f]{3,8}$/i.test(value);
const find = (test) => Object.assign({}, ...blocks.filter(test).map((b) => b.tokens));
const light = find((b) => !b.media && b.selector === ':root');
const preferred = find((b) => b.media?.includes('prefers-color-scheme: dark'));
const chosen = find((b) => !b.media && b.selector.includes('data-theme="dark"'));
const wall = find((b) => !b.media && b.selector === ':root[data-theme="wall"]');
const paper = find((b) => b.media === 'print');
const themes = {
  light,
  dark: { ...light, ...preferred },
  wall: { ...light, ...chosen, ...wall },
  paper: { ...light, ...paper },
};

const channel = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
function luminance(hex) {
  const h = hex.length === 4 ? [...hex.slice(1)].map((d) => d + d).join('') : hex.slice(1, 7);
  const [r, g, b] = [0, 2, 4].map((i) => channel(parseInt(h.slice(i, i + 2), 16) / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}

// Text on the grounds it is set on: rows are sunken under the pointer, the clause of an address is pale blue.
const grounds = ['--ground', '--sunken', '--blue-soft'];
const text = [
  ...['--ink', '--ink-2', '--blue', '--ok', '--go', '--warn', '--bad', '--idle', '--gold-ink'].flatMap((ink) => grounds.map((on) => [ink, on])),
  ['--on-blue', '--blue'], ['--on-blue', '--blue-strong'], ['--ink', '--gold-soft'], ['--gold-ink', '--gold-soft'], ['--on-gold', '--gold'], ['--on-worst', '--worst'],
];
// Borders of controls, the ring of what has the focus, shapes beside words.
const marks = [['--line-strong', '--ground'], ['--blue', '--ground'], ['--worst', '--ground'], ['--c-axis', '--ground'], ['--c-value', '--ground'], ['--c-path', '--ground']];

test('the arithmetic is that of WCAG', () => {
  assert.equal(contrast('#000000', '#ffffff').toFixed(2), '21.00');
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48'); // the grey that just fails
  assert.ok(contrast('#767676', '#ffffff') >= 4.5); // and the one that just does not
});

for (const [name, tokens] of Object.entries(themes))
  test(`${name}: every pair can be read`, () => {
    const poor = [];
    for (const [least, pairs] of [[4.5, text], [3, marks]])
      for (const [ink, on] of pairs) {
        assert.ok(isColour(tokens[ink] || '') && isColour(tokens[on] || ''), `${ink} on ${on}: no colours`);
        const got = contrast(tokens[ink], tokens[on]);
        if (got < least) poor.push(`${ink} ${tokens[ink]} on ${on} ${tokens[on]}: ${got.toFixed(2)}, not ${least}`);
      }
    assert.deepEqual(poor, []);
  });

test('dark is tokens alone: every colour has its dark twin, and none stands outside of a token', () => {
  const names = (tokens) => Object.keys(tokens).filter((k) => isColour(tokens[k])).sort();
  assert.ok(names(light).length > 30, 'the tokens were found');
  assert.deepEqual(names(preferred), names(light));
  assert.deepEqual(chosen, preferred, 'chosen and preferred are the same dark');
  assert.deepEqual(rest.match(/[a-z-]+:[^;{}]*(?:#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\()[^;{}]*/gi) || [], []);
});
