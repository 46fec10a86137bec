'use strict';
// Make Word and PDF files as an office would: our Markdown becomes HTML, and LibreOffice turns that into the rest.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const escape = (s) => s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const inline = (s) =>
  escape(s)
    .replace(/&lt;br&gt;/g, '<br>')
    .replace(/\*\*(.+?)\*\*/g, '<b>$1</b>')
    .replace(/\*(.+?)\*/g, '<i>$1</i>');

const cells = (line) => line.trim().replace(/^\||\|$/g, '').split('|').map((c) => c.trim());

function table(lines) {
  const head = cells(lines[0]);
  const row = (line, tag) => {
    const given = cells(line);
    return `<tr>${head.map((_, i) => `<${tag}>${inline(given[i] || '')}</${tag}>`).join('')}</tr>`;
  };
  return `<table border="1">${row(lines[0], 'th')}${lines.slice(2).map((l) => row(l, 'td')).join('\n')}</table>`;
}

// The Markdown our plans use: headings, paragraphs, dashes, emphasis, tables. `dashes`: 'list' makes them list items,
// 'plain' leaves them as paragraphs that begin with a dash, as typists do.
function html(markdown, { dashes = 'list' } = {}) {
  const blocks = markdown.trim().split(/\n{2,}/).map((block) => {
    const lines = block.split('\n');
    const heading = /^(#+) (.*)$/.exec(block);
    if (heading) return `<h${heading[1].length}>${inline(heading[2])}</h${heading[1].length}>`;
    if (lines[0].startsWith('|')) return table(lines);
    if (lines.every((l) => l.startsWith('- '))) {
      if (dashes === 'plain') return lines.map((l) => `<p>${inline(l)}</p>`).join('\n');
      return `<ul>${lines.map((l) => `<li>${inline(l.slice(2))}</li>`).join('\n')}</ul>`;
    }
    return `<p>${inline(lines.join(' '))}</p>`;
  });
  return `<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"></head><body>\n${blocks.join('\n')}\n</body></html>\n`;
}

// Convert HTML files to `format` (docx or pdf) into `folder`, all in one run of LibreOffice with a profile of its own.
function convert(files, format, folder) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'hoalu-office-'));
  try {
    execFileSync(
      'soffice',
      [`-env:UserInstallation=${pathToFileURL(profile)}`, '--headless', '--norestore', '--infilter=HTML (StarWriter)', '--convert-to', format, '--outdir', folder, ...files],
      { stdio: ['ignore', 'pipe', 'pipe'], timeout: 240000 },
    );
  } finally {
    fs.rmSync(profile, { recursive: true, force: true });
  }
  return files.map((f) => path.join(folder, `${path.basename(f).replace(/\.[^.]+$/, '')}.${format}`));
}

module.exports = { html, convert };
