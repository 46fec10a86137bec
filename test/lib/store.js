'use strict';
// Stores for black-box tests: a file in a temporary folder, or under test/with-postgres (HOALU_TEST_POSTGRES) a database
// that is dropped at the end.

const { execFileSync } = require('node:child_process');
const crypto = require('node:crypto');
const path = require('node:path');

const server = process.env.HOALU_TEST_POSTGRES;

function newFile(folder) {
  return path.join(folder, `${crypto.randomUUID()}.db`);
}

function newStore(t, folder) {
  if (!server) return newFile(folder);
  const name = `hoalu_${crypto.randomBytes(8).toString('hex')}`;
  const sql = (text) => execFileSync('psql', ['-qX', server, '-c', text]);
  sql(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  t.after(() => sql(`DROP DATABASE ${name} WITH (FORCE)`));
  return server.replace(/^(postgres(?:ql)?:\/\/[^/?]*)(?:\/[^?]*)?/, `$1/${name}`);
}

// What somebody with access to the store could do behind the program's back. `sql` is in the words of both engines.
function behind(store, sql) {
  if (/^postgres/.test(store)) execFileSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', store, '-c', sql]);
  else execFileSync('sqlite3', ['-bail', store, sql]);
}

module.exports = { newFile, newStore, behind, server };
