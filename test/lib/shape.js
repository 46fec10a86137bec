'use strict';
// What must hold for whatever `hoalu plan read --format json` gives, of any document: the shape of design 6.3 and its rules.

const { Diff, fold } = require('./expect.js');

const CLAUSES = ['heading', 'purpose', 'target', 'task', 'programme', 'duty', 'text'];
const SCHEDULES = ['deadline', 'period', 'yearly', 'half_yearly', 'quarterly', 'monthly', 'continuous', 'from', 'relative', 'event', 'none'];
const MEASURES = ['level', 'growth', 'rank', 'state'];
const SIDES = { ge: [true, false], gt: [true, false], eq: [true, false], le: [false, true], lt: [false, true], range: [true, true] };
const SEVERITIES = ['error', 'warning', 'info'];

const FIELDS = {
  clauses: ['path', 'kind', 'title', 'text', 'line'],
  tasks: ['path', 'title', 'text', 'lead', 'coordinating', 'product', 'schedule'],
  programmes: ['path', 'title', 'text', 'lead', 'coordinating', 'product', 'schedule', 'objective', 'directions', 'results'],
  targets: ['key', 'path', 'text', 'subject', 'measure', 'comparator', 'low', 'high', 'unit', 'per', 'by'],
  duties: ['path', 'body', 'text', 'schedule', 'to'],
  findings: ['rule', 'path', 'severity', 'message'],
};

const isDay = (d) => {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(d);
  return m && new Date(`${d}T00:00:00Z`).toISOString().startsWith(d);
};
const isText = (t) => typeof t === 'string' && t.trim() !== '';

function checkSchedule(diff, path, s) {
  for (const field of ['text', 'kind', 'start', 'due', 'phases']) if (s[field] === undefined) diff.add(path, `schedule.${field}`, undefined, 'a value or null');
  for (const one of [s, ...(s.phases || [])]) {
    if (!SCHEDULES.includes(one.kind)) diff.add(path, 'schedule.kind', one.kind, SCHEDULES.join('|'));
    for (const day of ['start', 'due']) if (one[day] != null && !isDay(one[day])) diff.add(path, `schedule.${day}`, one[day], 'a day or null');
    if (one.start && one.due && one.start > one.due) diff.add(path, 'schedule', `${one.start}..${one.due}`, 'an end after the start');
  }
}

function checkTarget(diff, t) {
  if (!MEASURES.includes(t.measure)) diff.add(t.path, 'measure', t.measure, MEASURES.join('|'));
  if (t.by !== null && typeof t.by !== 'string') diff.add(t.path, 'by', t.by, 'a string or null');
  if (t.per !== null && t.per !== 'year') diff.add(t.path, 'per', t.per, 'year or null');
  if (t.measure === 'state') return;
  const sides = SIDES[t.comparator];
  if (!sides) return diff.add(t.path, 'comparator', t.comparator, Object.keys(SIDES).join('|'));
  ['low', 'high'].forEach((side, i) => {
    if (sides[i] ? !Number.isFinite(t[side]) : t[side] !== null) diff.add(t.path, `${side} of ${t.comparator}`, t[side], sides[i] ? 'a number' : null);
  });
  if (t.comparator === 'range' && t.low > t.high) diff.add(t.path, 'range', [t.low, t.high], 'low before high');
}

function checkUnique(diff, what, list) {
  const seen = new Set();
  for (const value of list) {
    if (seen.has(value)) diff.add(String(value), what, 'twice', 'once');
    seen.add(value);
  }
}

// The line a clause names holds the beginning of that clause: its title, or its marker where that has a line of its own.
const MARKER = /^(phan|chuong|phuluc|muc|dieu)[a-z0-9]{0,12}$/;
function checkLines(diff, clauses, source) {
  const plain = (s) => fold(s).replace(/[^a-z0-9%]/g, '');
  const lines = source.split('\n').map(plain);
  for (const c of clauses) {
    if (!Number.isInteger(c.line) || c.line < 1 || c.line > lines.length) {
      diff.add(c.path, 'line', c.line, `1..${lines.length}`);
      continue;
    }
    const start = plain(c.title || c.text || '').slice(0, 12);
    if (!lines[c.line - 1].includes(start) && !MARKER.test(lines[c.line - 1])) diff.add(c.path, `line ${c.line}`, lines[c.line - 1].slice(0, 60), start);
  }
}

function shape(name, got, source) {
  const diff = new Diff(name);
  for (const field of ['title', 'number', 'issuer', 'period']) if (got[field] === undefined) diff.add('(document)', field, undefined, 'a value or null');
  for (const [list, fields] of Object.entries(FIELDS)) {
    if (!Array.isArray(got[list])) {
      diff.add('(document)', list, got[list], 'a list');
      return diff;
    }
    for (const item of got[list])
      for (const field of fields) if (item[field] === undefined) diff.add(item.path, `${list}: ${field}`, undefined, 'a value or null');
  }
  const paths = new Set(got.clauses.map((c) => c.path));
  checkUnique(diff, 'path of a clause', got.clauses.map((c) => c.path));
  checkUnique(diff, 'path of a task', [...got.tasks, ...got.programmes].map((t) => t.path));
  checkUnique(diff, 'key of a target', got.targets.map((t) => t.key));
  for (const c of got.clauses) if (!CLAUSES.includes(c.kind)) diff.add(c.path, 'kind', c.kind, CLAUSES.join('|'));
  for (const item of [...got.tasks, ...got.programmes, ...got.targets, ...got.duties])
    if (!paths.has(item.path) && !paths.has(String(item.path).replace(/-\d+$/, ''))) diff.add(item.path, 'path', item.path, 'the path of a clause');
  for (const t of [...got.tasks, ...got.programmes]) {
    if (!isText(t.title) && !isText(t.text)) diff.add(t.path, 'title and text', t.title, 'words');
    for (const who of ['lead', 'coordinating'])
      if (t[who] !== null && !(Array.isArray(t[who]) && t[who].every(isText))) diff.add(t.path, who, t[who], 'a list of names');
    if (t.schedule === null || typeof t.schedule !== 'object') diff.add(t.path, 'schedule', t.schedule, 'an object');
    else checkSchedule(diff, t.path, t.schedule);
  }
  for (const t of got.targets) checkTarget(diff, t);
  for (const f of got.findings) {
    if (!isText(f.rule) || !isText(f.message)) diff.add(f.path, 'finding', f, 'a rule and a message');
    if (!SEVERITIES.includes(f.severity)) diff.add(f.path, 'severity', f.severity, SEVERITIES.join('|'));
  }
  if (source !== undefined) checkLines(diff, got.clauses, source);
  return diff;
}

module.exports = { shape };
