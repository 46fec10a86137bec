'use strict';
// A page judged by html-validate: what the standard forbids, not how one may like it written.

const { HtmlValidate } = require('html-validate');

const judge = new HtmlValidate({ root: true, extends: ['html-validate:standard', 'html-validate:document'], rules: { 'require-sri': 'off', 'missing-doctype': 'error' } });

// What is wrong with a page; [] is good.
async function valid(text) {
  const report = await judge.validateString(text, 'page.html');
  return report.results.flatMap((r) => r.messages).slice(0, 5).map((m) => `line ${m.line}: ${m.ruleId}: ${m.message}`);
}

module.exports = { valid };
