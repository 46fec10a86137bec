'use strict';
// Figures: loading a million of them, and adding them up, with sqlite3, PostgreSQL and DuckDB on the same figures in the
// same run (bench/values_data.c makes them).
//
//     node bench/bench_values.js [SIZE…]       province (a million figures), ten, eighty (million); default: province ten
//
// Loading: `hoalu value load` (checked, recorded in the ledger, committed) against `sqlite3 .import` into the same keyed table,
// COPY and then a key in PostgreSQL, and DuckDB with a key; each starts with an empty table and ends with what is on the disk, and
// they take turns. Reading: for each of the provinces (in the size `province`: for each commune) and each year the sum of what was
// reported each month, of one indicator and of all; cold is the first time in a new process, warm the median of those after. hoalu
// keeps at most 1 GiB. The others are given what helps them: DuckDB all cores and memory, PostgreSQL and SQLite a cache.

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..');
if (!process.env.HOALU_TEST_POSTGRES) {
  process.exit(spawnSync(path.join(root, 'test/with-postgres'), [process.execPath, __filename, ...process.argv.slice(2)],
    { stdio: 'inherit' }).status);
}
const hoalu = path.join(root, 'build/hoalu');
const postgres = process.env.HOALU_TEST_POSTGRES;
const units = path.join(root, '../shared/geo/vietnam-units.csv');
const country = fs.existsSync(units) ? units : '3321';
const SIZES = {
  province: { indicators: 131, months: 60, places: '129', rounds: 5, reads: 15 },
  ten: { indicators: 25, months: 120, places: country, rounds: 0, reads: 7 },
  eighty: { indicators: 200, months: 120, places: country, rounds: 0, reads: 3 },
};
const wanted = process.argv.length > 2 ? process.argv.slice(2) : ['province', 'ten'];
for (const size of wanted) {
  if (!SIZES[size]) {
    console.error(`bench_values: no size ${size}; there are ${Object.keys(SIZES).join(', ')}`);
    process.exit(2);
  }
}

const folder = fs.mkdtempSync(path.join(process.env.HOALU_BENCH_FOLDER || os.tmpdir(), 'hoalu-values-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
fs.chmodSync(folder, 0o755); // PostgreSQL's user reads the rows

const at = (name) => path.join(folder, name);
const median = (v) => [...v].sort((a, b) => a - b)[v.length >> 1];
const seconds = (s) => (s < 0.01 ? `${(s * 1000).toFixed(2)} ms` : s < 1 ? `${(s * 1000).toFixed(0)} ms` : `${s.toFixed(2)} s`);
const mib = (bytes) => `${Math.round(bytes / (1 << 20))} MiB`;

function timed(work) {
  const begun = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - begun) / 1e9;
}
const run = (program, args, input) => execFileSync(program, args, { input, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'inherit'] });
const sqlite = (file, script) => run('sqlite3', ['-batch', file], script);
const psql = (script) => run('psql', [postgres, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'], 'SET client_min_messages = warning;\n' + script);

const COLUMNS = 'series BIGINT NOT NULL, period BIGINT NOT NULL, place BIGINT NOT NULL, source BIGINT NOT NULL, ' +
  'amount DOUBLE PRECISION NOT NULL, state BIGINT NOT NULL, from_pos BIGINT NOT NULL';
const KEY = 'PRIMARY KEY (series, period, place, source)';
const SQLITE_TABLE = `CREATE TABLE value (${COLUMNS.replaceAll('BIGINT', 'INTEGER').replaceAll('DOUBLE PRECISION', 'REAL')}, ${KEY}) STRICT, WITHOUT ROWID;\n`;
const PLACES = 'CREATE TABLE places (place BIGINT, code TEXT, province TEXT);';

function valueFiles() {
  const files = fs.readdirSync(folder).filter((name) => /^values-\d+\.csv$/.test(name));
  return files.sort((a, b) => Number(a.match(/\d+/)) - Number(b.match(/\d+/))).map(at);
}

function hoaluStore(store) {
  run(hoalu, ['org', 'load', '--store', store]);
  run(hoalu, ['org', 'load', at('areas.csv'), '--store', store]);
  run(hoalu, ['indicator', 'load', at('indicators.csv'), '--store', store]);
}
const hoaluLoad = (store, file) => run(hoalu, ['value', 'load', file, '--store', store]);

async function duck(file, work) {
  const { DuckDBInstance } = require('@duckdb/node-api');
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
const remove = (name) => { for (const end of ['', '-wal', '-shm', '.wal', '.key']) fs.rmSync(at(name) + end, { force: true }); };

async function loading(size) {
  const file = valueFiles();
  if (file.length !== 1) throw new Error('loading is measured with one file');
  const rows = Number(run('wc', ['-l', at('rows.csv')]).split(' ')[0]);
  const times = { 'hoalu value load': [], 'sqlite3 .import': [], 'PostgreSQL COPY, key': [], DuckDB: [] };
  for (let round = 0; round < size.rounds; round++) {
    remove('load.db');
    hoaluStore(at('load.db'));
    times['hoalu value load'].push(timed(() => hoaluLoad(at('load.db'), file[0])));
    remove('load.sqlite');
    sqlite(at('load.sqlite'), 'PRAGMA journal_mode = WAL;' + SQLITE_TABLE);
    times['sqlite3 .import'].push(timed(() => sqlite(at('load.sqlite'), `PRAGMA synchronous = FULL;\n.import --csv ${at('rows.csv')} value\n`)));
    psql(`DROP TABLE IF EXISTS value; CREATE TABLE value (${COLUMNS});`);
    times['PostgreSQL COPY, key'].push(timed(() => psql(`\\copy value FROM '${at('rows.csv')}' (FORMAT csv)\nALTER TABLE value ADD ${KEY};`)));
    remove('load.duckdb');
    await duck(at('load.duckdb'), async (c) => {
      await c.run(`CREATE TABLE value (${COLUMNS}, ${KEY})`);
      const begun = process.hrtime.bigint();
      await c.run(`COPY value FROM '${at('rows.csv')}' (FORMAT csv, HEADER false)`);
      await c.run('CHECKPOINT');
      times.DuckDB.push(Number(process.hrtime.bigint() - begun) / 1e9);
    });
  }
  console.log(`loading ${rows} figures, durable, medians of ${size.rounds} turns`);
  const base = median(times['sqlite3 .import']);
  for (const [name, v] of Object.entries(times)) {
    console.log(`  ${name.padEnd(24)} ${seconds(median(v)).padStart(9)}  ${(median(v) / base).toFixed(2)} x sqlite3 .import`);
  }
}

// Sums by province and year. A period's number is (months since year 0) * 1024 + its length.
const sums = (group, where) => 'SELECT v.series, p.' + group + ' AS place, v.period / 12288 AS year, sum(v.amount) AS amount FROM value v ' +
  `JOIN places p ON p.place = v.place ${where} GROUP BY 1, 2, 3`;

const lastNumber = (text) => Number(text.match(/^[\d.e+]+$/gm).at(-1));

function report(title, results) {
  console.log(`${title}`);
  const base = results.find((r) => r.name === 'DuckDB');
  for (const r of results) {
    const ratio = base && r !== base ? `  DuckDB takes ${(base.warm / r.warm).toFixed(1)} x as long` : '';
    console.log(`  ${r.name.padEnd(12)} warm ${seconds(r.warm).padStart(9)}   cold ${seconds(r.cold).padStart(9)}${ratio}${r.more ? '; ' + r.more : ''}`);
  }
}

async function reading(name, size) {
  const group = name === 'province' ? 'code' : 'province';
  // What SQLite reads is the table as the program keeps it, in the program's own store.
  remove('read.db');
  hoaluStore(at('read.db'));
  const files = valueFiles();
  const took = timed(() => files.forEach((f) => hoaluLoad(at('read.db'), f)));
  const rows = Number(run('wc', ['-l', at('rows.csv')]).split(' ')[0]);
  console.log(`${rows} figures in the store of hoalu after ${seconds(took)}: ${mib(fs.statSync(at('read.db')).size)}`);
  psql(`DROP TABLE IF EXISTS value, places; CREATE TABLE value (${COLUMNS}); ${PLACES}\n` +
    `\\copy places FROM '${at('places.csv')}' (FORMAT csv, HEADER)\n\\copy value FROM '${at('rows.csv')}' (FORMAT csv)\n` +
    `ALTER TABLE value ADD ${KEY}; ANALYZE value; ANALYZE places;`);
  remove('read.sqlite');
  sqlite(at('read.sqlite'), `${SQLITE_TABLE}CREATE TABLE places (place INTEGER PRIMARY KEY, code TEXT, province TEXT);\n` +
    `PRAGMA synchronous = OFF;\n.import --csv ${at('rows.csv')} value\n.import --csv --skip 1 ${at('places.csv')} places\nANALYZE;\n`);
  remove('read.duckdb');
  await duck(at('read.duckdb'), async (c) => {
    await c.run(`CREATE TABLE value AS SELECT * FROM read_csv('${at('rows.csv')}', header = false, names = ['series', 'period', 'place', 'source', 'amount', 'state', 'from_pos'])`);
    await c.run(`CREATE TABLE places AS SELECT * FROM read_csv('${at('places.csv')}', all_varchar = true)`);
    await c.run('ALTER TABLE places ALTER place TYPE BIGINT');
    await c.run('CHECKPOINT');
  });

  const results = { one: [], all: [] };
  const told = {};
  for (const what of ['one', 'all']) {
    const where = what === 'one' ? 'WHERE v.series = 2' : '';
    const one = what === 'one' ? 'B0002' : '';
    const mine = JSON.parse(run(path.join(root, 'build/bench/bench-figures'), [at('read.db'), one, String(size.months), name === 'province' ? '2' : '1', String(size.reads)]));
    results[what].push({ name: 'hoalu', warm: mine.warm, cold: mine.cold, more: `${mib(mine.cube)} in the cube, ${mib(mine.memory)} in all` });
    told.hoalu = mine.total;

    const times = [];
    let total;
    await duck(at('read.duckdb'), async (c) => {
      const statement = await c.prepare(`SELECT sum(amount) FROM (${sums(group, where).replace('v.period / 12288', 'v.period // 12288')})`);
      for (let i = 0; i <= size.reads; i++) {
        const begun = process.hrtime.bigint();
        total = (await statement.runAndReadAll()).getRows()[0][0];
        times.push(Number(process.hrtime.bigint() - begun) / 1e9);
      }
    });
    told.DuckDB = total;
    results[what].push({ name: 'DuckDB', warm: median(times.slice(1)), cold: times[0] });

    const reads = what === 'one' ? size.reads : Math.min(size.reads, 3);
    const query = `SELECT sum(amount) FROM (${sums(group, where)}) t;\n`;
    const told1 = psql(`\\timing on\nSET max_parallel_workers_per_gather = ${os.cpus().length};\n${query.repeat(reads + 1)}`);
    const pg = [...told1.matchAll(/^Time: ([\d.]+) ms/gm)].slice(1).map((m) => Number(m[1]) / 1000);
    results[what].push({ name: 'PostgreSQL', warm: median(pg.slice(1)), cold: pg[0] });
    told.PostgreSQL = lastNumber(told1);

    const told2 = sqlite(at('read.sqlite'), `PRAGMA cache_size = -1000000;\nPRAGMA mmap_size = 8000000000;\n.timer on\n${query.repeat(reads + 1)}`);
    const lite = [...told2.matchAll(/real ([\d.]+)/g)].map((m) => Number(m[1])).slice(-reads - 1);
    results[what].push({ name: 'SQLite', warm: median(lite.slice(1)), cold: lite[0] });
    told.SQLite = lastNumber(told2);

    for (const [who, amount] of Object.entries(told)) {
      if (Math.abs(amount - told.DuckDB) > Math.abs(told.DuckDB) * 1e-9) throw new Error(`${what}: ${who} says ${amount}, DuckDB ${told.DuckDB}`);
    }
  }
  const by = `by ${name === 'province' ? 'commune' : 'province'} and year`;
  report(`one indicator, ${size.months} months, ${by}`, results.one);
  report(`all ${size.indicators} indicators, ${by}`, results.all);
}

(async () => {
  for (const name of wanted) {
    const size = SIZES[name];
    for (const old of fs.readdirSync(folder)) fs.rmSync(at(old), { force: true });
    run(path.join(root, 'build/bench/values-data'), [folder, String(size.indicators), String(size.months), size.places]);
    console.log(`-- ${name}: ${size.indicators} indicators, ${size.months} months, ${size.places === units ? 'the units of the country' : size.places + ' communes'}`);
    if (size.rounds) await loading(size);
    await reading(name, size);
    console.log();
  }
})().catch((e) => {
  console.error(e);
  process.exit(1);
});
