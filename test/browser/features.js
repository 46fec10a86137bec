'use strict';
// What a text of ours asks of a browser that a given Chrome does not have, by MDN's compatibility data.
//
//   css(text, 109), js(text, 109), html(text, 109) → ["line 3: text-wrap (Chrome 114)", …]; [] is good.
//
// What the data does not know is told as well, since it is a slip of the pen or newer than the data. Of a method whose object
// cannot be told from the text, only the name is judged: it is refused if nothing of that name is old enough.

const acorn = require('acorn');
const walk = require('acorn-walk');
const tree = require('css-tree');
const bcd = require('@mdn/browser-compat-data');

// The Chrome that has a feature, as a number; Infinity if none has. `prefix` as it is written.
function since(feature, prefix = '') {
  const support = feature?.__compat?.support.chrome;
  if (!support) return undefined;
  let best = Infinity;
  for (const s of [support].flat()) {
    if (s.flags || s.version_removed || (s.prefix || '') !== prefix) continue;
    const version = typeof s.version_added === 'string' ? Number(s.version_added.replace('≤', '')) : NaN;
    if (version < best) best = version;
  }
  return best;
}

class Judge {
  constructor(chrome) {
    this.chrome = chrome;
    this.found = new Set();
  }

  // `known`: since() of it, undefined when the data has no such thing.
  feature(line, name, known) {
    if (known === undefined) this.found.add(`line ${line}: ${name} (unknown)`);
    else if (!(known <= this.chrome)) this.found.add(`line ${line}: ${name} (${known === Infinity ? 'not in Chrome' : `Chrome ${known}`})`);
  }

  // The same, but what is unknown is let pass.
  detail(line, name, known) {
    if (known !== undefined) this.feature(line, name, known);
  }

  list() {
    return [...this.found];
  }
}

// Every compatibility entry under `root`, by its own name.
function index(root, into = new Map()) {
  for (const [name, child] of Object.entries(root)) {
    if (name === '__compat' || typeof child !== 'object') continue;
    const key = name.replace(/_static$/, '');
    if (child.__compat) into.set(key, [...(into.get(key) || []), child]);
    index(child, into);
  }
  return into;
}

const oldest = (features, prefix) => {
  const all = features.map((f) => since(f, prefix)).filter((v) => v !== undefined);
  return all.length ? Math.min(...all) : undefined;
};

// --- style sheets ---

const types = index(bcd.css.types);
const vendor = (name) => /^(-(?:webkit|moz|ms|o)-)(.+)$/.exec(name) || [name, '', name];

function entry(place, name) {
  const [, prefix, bare] = vendor(name);
  return since(place[name]) ?? since(place[bare], prefix);
}

function cssValue(judge, property, value) {
  const place = bcd.css.properties[vendor(property)[2]] || {};
  tree.walk(value, (node) => {
    const line = node.loc?.start.line;
    if (node.type === 'Identifier' && !node.name.startsWith('--')) judge.detail(line, `${property}: ${node.name}`, since(place[node.name]));
    if (node.type === 'Function' && !/^(var|url)$/.test(node.name))
      judge.feature(line, `${node.name}()`, since(place[node.name]) ?? oldest(types.get(node.name) || [], ''));
    if (node.type === 'Dimension') {
      const unit = node.unit.toLowerCase();
      if (/^[sld]v/.test(unit)) judge.feature(line, unit, since(bcd.css.types.length.viewport_percentage_units_dynamic) ?? 108);
      else if (/^cq/.test(unit)) judge.feature(line, unit, since(bcd.css.types.length.container_query_length_units) ?? 105);
      else judge.detail(line, unit, oldest(types.get(unit) || [], ''));
    }
  });
}

// What one declaration needs. A value is not judged for a property with a prefix: the data speaks of the one without.
function declaration(judge, node, atrule) {
  const descriptors = bcd.css['at-rules'][atrule?.name];
  const { property, value } = node, line = node.loc.start.line;
  if (!property.startsWith('--')) {
    if (descriptors?.[property]) return judge.feature(line, property, since(descriptors[property]));
    judge.feature(line, property, entry(bcd.css.properties, property));
    if (vendor(property)[1]) return;
  }
  cssValue(judge, property, value);
}

// The declarations of a block. One that is too new does no harm beside another of the same property that is not: the older
// browser takes that one.
function block(judge, declarations, atrule) {
  const groups = new Map();
  for (const d of declarations) {
    const name = d.property.startsWith('--') ? d.property : vendor(d.property)[2];
    groups.set(name, [...(groups.get(name) || []), d]);
  }
  for (const group of groups.values()) {
    const judged = group.map((d) => {
      const one = new Judge(judge.chrome);
      declaration(one, d, atrule);
      return one;
    });
    if (judged.every((one) => one.found.size)) for (const one of judged) for (const f of one.found) judge.found.add(f);
  }
}

function css(text, chrome) {
  const judge = new Judge(chrome);
  const ast = tree.parse(text, {
    positions: true, parseValue: true, parseCustomProperty: true,
    onParseError: (e) => judge.found.add(`line ${e.line}: ${e.message}`),
  });
  const around = [];
  tree.walk(ast, {
    enter(node) {
      const line = node.loc?.start.line;
      if (node.type === 'Rule') {
        if (around.some((r) => r.type === 'Rule')) judge.feature(line, 'nesting', since(bcd.css.selectors.nesting));
        around.push(node);
      } else if (node.type === 'Atrule') {
        judge.feature(line, `@${node.name}`, entry(bcd.css['at-rules'], node.name));
        around.push(node);
      } else if (node.type === 'Block') {
        const inner = around.at(-1);
        block(judge, node.children.filter((child) => child.type === 'Declaration').toArray(), inner?.type === 'Atrule' ? inner : null);
      } else if (node.type === 'NestingSelector') judge.feature(line, '&', since(bcd.css.selectors.nesting));
      else if (node.type === 'PseudoClassSelector' || node.type === 'PseudoElementSelector')
        judge.feature(line, `:${node.name}`, entry(bcd.css.selectors, node.name));
      else if (node.type === 'Feature' || node.type === 'FeatureRange') {
        const name = (node.name || node.middle?.name || '').replace(/^(min|max)-/, '');
        judge.feature(line, `@media (${name})`, since(bcd.css['at-rules'].media[name]));
        if (node.type === 'FeatureRange') judge.feature(line, 'range in @media', since(bcd.css['at-rules'].media.range_syntax) ?? 104);
      }
    },
    leave(node) {
      if (node.type === 'Rule' || node.type === 'Atrule') around.pop();
    },
  });
  return judge.list();
}

// --- scripts ---

const members = index(bcd.api);
index(bcd.javascript.builtins, members);
const interfaces = {
  document: ['Document', 'Node', 'EventTarget'], window: ['Window', 'EventTarget'], navigator: ['Navigator'], location: ['Location'],
  history: ['History'], localStorage: ['Storage'], sessionStorage: ['Storage'], console: ['console'],
};
const own = (name) => bcd.javascript.builtins[name] || bcd.api[name];
const member = (place, name) => since(place?.[name]) ?? since(place?.[`${name}_static`]);

function names(pattern, into) {
  walk.full(pattern, (n) => {
    if (n.type === 'Identifier') into.add(n.name);
  });
}

// Names that the text itself gives to something.
function declared(ast) {
  const all = new Set();
  walk.full(ast, (node) => {
    if (node.type === 'VariableDeclarator') names(node.id, all);
    if (/Function/.test(node.type)) for (const p of node.params) names(p, all);
    if ((/Function/.test(node.type) || /Class/.test(node.type)) && node.id) all.add(node.id.name);
    if (node.type === 'CatchClause' && node.param) names(node.param, all);
    if (/^Import.*Specifier$/.test(node.type)) all.add(node.local.name);
  });
  return all;
}

function js(text, chrome) {
  const judge = new Judge(chrome);
  let ast;
  try {
    // The syntax of Chrome 109 is that of ES2023: /v came with 112, the rest of later years later still.
    ast = acorn.parse(text, { ecmaVersion: 2023, sourceType: 'module', locations: true });
  } catch (e) {
    return [`line ${e.loc.line}: ${e.message}`];
  }
  const known = declared(ast);
  walk.fullAncestor(ast, (node, _state, ancestors) => {
    const line = node.loc.start.line;
    if (node.type === 'Identifier' && !known.has(node.name) && node.name !== 'undefined' && node.name !== 'arguments') {
      const parent = ancestors.at(-2);
      if (parent?.type === 'Property' && parent.key === node && !parent.shorthand) return;
      judge.feature(line, node.name, since(own(node.name)) ?? member(bcd.api.Window, node.name) ?? since(bcd.javascript.builtins.globals?.[node.name])
        ?? (interfaces[node.name] ? 1 : undefined));
    }
    if (node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier') {
      const name = node.property.name, object = node.object.type === 'Identifier' && !known.has(node.object.name) ? node.object.name : null;
      const places = object ? (interfaces[object] || [object]).map(own).filter(Boolean) : [];
      const there = places.map((p) => member(p, name)).filter((v) => v !== undefined);
      if (there.length) judge.feature(line, `${object}.${name}`, Math.min(...there));
      else judge.detail(line, `.${name}`, oldest(members.get(name) || [], ''));
    }
  });
  return judge.list();
}

// --- pages and templates ---

// As old as forms, and so not in the data.
const ancient = new Set(['input value', 'input list']);

function html(text, chrome) {
  const judge = new Judge(chrome);
  // What a template does is blanked; its lines stay.
  const plain = text.replace(/\{[{%#][\s\S]*?[}%#]\}/g, (m) => m.replace(/[^\n]/g, ' ')).replace(/<!--[\s\S]*?-->/g, (m) => m.replace(/[^\n]/g, ' '));
  let svg = 0;
  for (const m of plain.matchAll(/<(\/?)([a-z][a-z0-9-]*)((?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*(\/?)>/gi)) {
    const [, closing, tag, attributes] = m, name = tag.toLowerCase();
    const line = plain.slice(0, m.index).split('\n').length;
    if (name === 'svg') svg += closing ? -1 : 1;
    if (closing) continue;
    const drawn = svg > 0;
    const place = drawn ? bcd.svg.elements[tag] : bcd.html.elements[name];
    judge.feature(line, `<${tag}>`, since(place));
    for (const a of attributes.matchAll(/([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g)) {
      const attribute = a[1], value = (a[2] ?? a[3] ?? a[4] ?? '').trim();
      if (/^(aria-|data-|role$|xmlns$)/.test(attribute)) continue;
      const global = drawn ? bcd.svg.global_attributes : bcd.html.global_attributes;
      const known = since(place?.[attribute]) ?? since(global[attribute]) ?? since(bcd.html.global_attributes[attribute])
        ?? (drawn ? since(bcd.css.properties[attribute]) : ancient.has(`${name} ${attribute}`) ? 1 : undefined);
      // <input type="…"> stands in the data by its types.
      if (name === 'input' && attribute === 'type') judge.feature(line, `<input type=${value}>`, value ? since(place[`type_${value}`]) : 1);
      else judge.feature(line, `<${tag} ${attribute}>`, known);
      // The names of <meta> are for whoever knows them.
      if (value && name !== 'meta') judge.detail(line, `<${tag} ${attribute}=${value}>`, since(place?.[attribute]?.[value]) ?? since(global[attribute]?.[value]));
    }
  }
  return judge.list();
}

module.exports = { css, js, html };
