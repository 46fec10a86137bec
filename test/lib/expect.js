'use strict';
// Compare what `hoalu plan read --format json` gives with an expectation written by hand.
//
// An expectation names only what it is about; what it does not name is not compared. Values:
//   "/…/"      a regular expression, tried on the folded text (small letters, no marks, plain dashes and quotes)
//   "a|b"      any of these words (kind, comparator, measure)
//   null       absent
//   phases: 2  that many phases
// Items are found by "path", or by "like": a regular expression on their folded title and text.
// Bodies are compared folded, with the usual abbreviations written out.

const fold = (s) =>
  String(s)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/đ/g, 'd')
    .replace(/[–—−]/g, '-')
    .replace(/[“”„]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();

const SHORT = [
  [/\bubnd\b/g, 'uy ban nhan dan'],
  [/\bhdnd\b/g, 'hoi dong nhan dan'],
  [/\bmttq\b/g, 'mat tran to quoc'],
  [/\bkh ?& ?cn\b/g, 'khoa hoc va cong nghe'],
];
const body = (s) => SHORT.reduce((t, [from, to]) => t.replace(from, to), fold(s)).replace(/[.;,:]+$/, '').trim();

const isPattern = (want) => typeof want === 'string' && want.length > 1 && want.startsWith('/') && want.endsWith('/');
const matches = (got, pattern) => got != null && new RegExp(pattern.slice(1, -1), 's').test(fold(got));

const show = (value) => (value === undefined ? 'nothing' : JSON.stringify(value));

class Diff {
  constructor(name) {
    this.name = name;
    this.problems = [];
  }
  add(path, field, got, want) {
    this.problems.push({ path, field, got, want });
  }
  toString() {
    const lines = this.problems.map((p) => `  ${p.path}  ${p.field}\n      got  ${show(p.got)}\n      want ${show(p.want)}`);
    return `${this.name}: ${this.problems.length} differences\n${lines.join('\n')}`;
  }
}

function sameText(got, want) {
  if (want === null) return got === null;
  if (isPattern(want)) return matches(got, want);
  return got != null && fold(got) === fold(want);
}

function sameBodies(got, want) {
  const list = got === null ? [] : got;
  if (!Array.isArray(list) || list.length !== want.length) return false;
  return want.every((w, i) => (isPattern(w) ? matches(list[i], w) : body(list[i]) === body(w)));
}

const sameWord = (got, want) => (want === null ? got === null : want.split('|').includes(got));
const sameUnit = (got, want) =>
  want === null || isPattern(want) ? sameText(got, want) || want === '/.*/' : fold(got ?? '').replace(/ /g, '') === fold(want).replace(/ /g, '');

function compareSchedule(diff, path, got, want) {
  if (got === null || typeof got !== 'object') return diff.add(path, 'schedule', got, want);
  if ('text' in want && !sameText(got.text, want.text)) diff.add(path, 'schedule.text', got.text, want.text);
  if ('kind' in want && !sameWord(got.kind, want.kind)) diff.add(path, 'schedule.kind', got.kind, want.kind);
  for (const day of ['start', 'due'])
    if (day in want && got[day] !== want[day]) diff.add(path, `schedule.${day}`, got[day], want[day]);
  const phases = (got.phases || []).length;
  if ('phases' in want && phases !== want.phases) diff.add(path, 'schedule.phases', got.phases, want.phases);
}

const COMPARE = {
  lead: sameBodies,
  coordinating: sameBodies,
  body: (got, want) => (want === null ? got === null : isPattern(want) ? matches(got, want) : body(got ?? '') === body(want)),
  kind: sameWord,
  measure: sameWord,
  comparator: sameWord,
  unit: sameUnit,
  low: (got, want) => got === want,
  high: (got, want) => got === want,
  per: (got, want) => got === want,
  by: (got, want) => got === want,
};
const NOT_COMPARED = new Set(['path', 'like', 'about', 'also']);

function compareItem(diff, path, got, want) {
  for (const field of Object.keys(want)) {
    if (NOT_COMPARED.has(field)) continue;
    if (field === 'schedule') compareSchedule(diff, path, got.schedule, want.schedule);
    else if (!(COMPARE[field] || sameText)(got[field], want[field])) diff.add(path, field, got[field], want[field]);
  }
}

const named = (want) => want.path || want.like;
function isIt(item, want) {
  if (want.path) return item.path === want.path;
  return [item.title, item.text, item.subject].some((t) => t != null && matches(t, want.like));
}

function compareList(diff, what, list, wants) {
  for (const want of wants) {
    const found = list.filter((item) => isIt(item, want));
    if (found.length === 1) compareItem(diff, named(want), found[0], want);
    else diff.add(named(want), what, found.length ? found.map((f) => f.path) : undefined, 'one');
  }
}

const amount = (t) => ({ measure: t.measure, comparator: t.comparator, low: t.low, high: t.high, unit: t.unit, per: t.per, by: t.by });

// Targets at one place are told apart by their figures; those that nobody expects are differences as well.
function compareTargets(diff, targets, wants) {
  const measured = targets.filter((t) => t.measure !== 'state');
  const used = new Set();
  const places = new Set();
  for (const want of wants) {
    const here = measured.filter((t) => isIt(t, want));
    here.forEach((t) => places.add(t));
    const free = here.filter((t) => !used.has(t));
    const fits = (t) => ['low', 'high'].every((side) => !(side in want) || t[side] === want[side]);
    const found = free.find((t) => fits(t) && (!want.by || t.by === want.by)) || free.find(fits);
    if (!found) {
      diff.add(named(want), 'target', free.map(amount), want);
      continue;
    }
    used.add(found);
    compareItem(diff, named(want), found, want);
  }
  for (const t of places) if (!used.has(t)) diff.add(t.path, 'target', { ...amount(t), text: t.text }, 'none such');
}

function compareDuties(diff, duties, wants) {
  const kindOf = (d) => (d.schedule && typeof d.schedule === 'object' ? d.schedule.kind : d.schedule);
  for (const want of wants) {
    const here = duties.filter((d) => d.path === want.path);
    const sought = want.schedule && want.schedule.kind;
    const got = here.find((d) => sought && kindOf(d) === sought) || here[0];
    if (!got) {
      diff.add(want.path, 'duty', undefined, want);
      continue;
    }
    const schedule = typeof got.schedule === 'string' ? { kind: got.schedule } : got.schedule;
    compareItem(diff, want.path, { ...got, schedule }, want);
  }
  const twice = new Set(wants.map((w) => w.path).filter((p, i, all) => all.indexOf(p) !== i));
  for (const path of twice) {
    const n = duties.filter((d) => d.path === path).length;
    const due = wants.filter((w) => w.path === path).length;
    if (n !== due) diff.add(path, 'number of duties', n, due);
  }
}

const mentions = (text, path) => new RegExp(`(?<![IVX.])${path.replace(/\./g, '\\.')}(?![0-9])`).test(text);

function compareFindings(diff, findings, wants) {
  for (const want of wants) {
    const found = findings.some((f) => {
      const all = `${f.path} ${f.message}`;
      return (
        (!want.path || want.path.includes(f.path)) &&
        (!want.message || matches(f.message, want.message)) &&
        (want.also || []).every((path) => mentions(all, path))
      );
    });
    if (!found) {
      const near = findings.filter((f) => !want.path || want.path.includes(f.path)).slice(0, 6);
      diff.add(want.path ? want.path.join(' ') : '(whole)', `finding: ${want.about}`, near.map((f) => `${f.rule} ${f.path}: ${f.message}`), want.message || want.also);
    }
  }
}

function compareDocument(diff, got, want) {
  for (const field of ['title', 'number', 'issuer'])
    if (field in want && !sameText(got[field], want[field])) diff.add('(document)', field, got[field], want[field]);
  for (const [end, year] of Object.entries(want.period || {})) {
    const value = got.period && got.period[end];
    if (value == null || String(value).slice(0, 4) !== year) diff.add('(document)', `period.${end}`, value, year);
  }
}

function compare(name, got, want) {
  const diff = new Diff(name);
  compareDocument(diff, got, want.document || {});
  const counts = {
    tasks: got.tasks.length,
    programmes: got.programmes.length,
    measured_targets: got.targets.filter((t) => t.measure !== 'state').length,
  };
  for (const [what, n] of Object.entries(want.counts || {}))
    if (counts[what] !== n) diff.add('(document)', `number of ${what}`, counts[what], n);
  compareList(diff, 'clause', got.clauses, want.clauses || []);
  compareList(diff, 'task', got.tasks, want.tasks || []);
  compareList(diff, 'programme', got.programmes, want.programmes || []);
  compareTargets(diff, got.targets, want.targets || []);
  for (const want1 of want.states || []) {
    const found = got.targets.filter((t) => t.measure === 'state' && t.path === want1.path);
    if (!found.some((t) => matches(t.subject, want1.like) || matches(t.text, want1.like)))
      diff.add(want1.path, 'target of measure state', found.map((t) => t.subject), want1.like);
  }
  compareDuties(diff, got.duties, want.duties || []);
  compareFindings(diff, got.findings, want.findings || []);
  if (want.absent)
    for (const item of [...got.tasks, ...got.programmes, ...got.targets, ...got.duties])
      if (matches(`${item.title || ''} ${item.text || ''}`, want.absent.text)) diff.add(item.path, 'text', item.text, `without ${want.absent.text}`);
  return diff;
}

module.exports = { compare, fold, Diff };
