'use strict';

// RFC 4180, as a spreadsheet reads it: a list of rows of cells.
function csv(text) {
  const rows = [[]];
  let cell = '', quoted = false;
  for (let i = 0; i < text.length; i++) {
    const ch = text[i];
    if (quoted && ch === '"' && text[i + 1] === '"') cell += text[++i];
    else if (ch === '"') quoted = !quoted;
    else if (!quoted && (ch === ',' || ch === '\n')) {
      rows.at(-1).push(cell.replace(/\r$/, ''));
      cell = '';
      if (ch === '\n') rows.push([]);
    } else cell += ch;
  }
  if (rows.at(-1).length === 0 && cell === '') rows.pop();
  else rows.at(-1).push(cell);
  return rows;
}

module.exports = { csv };
