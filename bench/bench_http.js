'use strict';
// Pages over HTTP, with nginx beside them in the same run.
//
//     node bench/bench_http.js [ROUNDS [SECONDS]]
//
// Contenders, each a process on core 0 with one thread for connections: `hoalu serve` that keeps pages, `hoalu serve
// --kept 0` that makes each anew, with rows that stand in memory since the first asked for them, `hoalu serve --kept 0
// --rows 0` that asks the store for every row, and nginx serving a file of the same bytes with the same headers: as Debian sets it up
// but without a log, and tuned so that it does not even look whether the file has changed (open_file_cache). wrk asks
// from core 1 over 32 keep-alive connections. For each address the contenders take turns, in a new order every round, and
// the medians are compared. "cpu" is what the server itself spent on a request, which other work on the machine
// disturbs less than it does the rate. On a machine with one core all share it, and only "cpu" says something.

const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..');
const hoalu = path.join(root, 'build/hoalu');
const plan = path.join(root, 'data/plans/ninh-binh-06-nq-tu.md');
const rounds = Number(process.argv[2] || 5), seconds = Number(process.argv[3] || 1);
const CONNECTIONS = 32, STARTS = 7;
const cores = os.cpus().length;
const serverCore = '0', clientCore = cores > 1 ? '1' : '0';
const ticks = Number(execFileSync('getconf', ['CLK_TCK']));

const HTML = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const cases = [
  { name: 'kept: a clause', path: '/plans/06-nq-tu/clauses/III.3.3', headers: HTML, server: 'kept' },
  { name: 'kept: the tasks', path: '/tasks', headers: HTML, server: 'kept' },
  { name: 'kept: the tasks, brotli', path: '/tasks', headers: { ...HTML, 'Accept-Encoding': 'gzip, br' }, server: 'kept' },
  { name: 'kept: the whole plan', path: '/plans/06-nq-tu', headers: HTML, server: 'kept' },
  { name: 'kept: the tasks, JSON', path: '/tasks.json', headers: {}, server: 'kept' },
  { name: 'anew: a clause', path: '/plans/06-nq-tu/clauses/III.3.3', headers: HTML, server: 'anew' },
  { name: 'anew: the tasks', path: '/tasks', headers: HTML, server: 'anew' },
  { name: 'anew: the tasks, JSON', path: '/tasks.json', headers: {}, server: 'anew' },
  { name: 'all anew: a clause', path: '/plans/06-nq-tu/clauses/III.3.3', headers: HTML, server: 'bare' },
  { name: 'all anew: the tasks', path: '/tasks', headers: HTML, server: 'bare' },
  { name: 'all anew: the tasks, JSON', path: '/tasks.json', headers: {}, server: 'bare' },
];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hoalu-bench-'));
const children = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const pinned = (core, command, args, options) => {
  const child = spawn('taskset', ['-c', core, command, ...args], options);
  children.push(child);
  return child;
};

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const median = (v) => [...v].sort((a, b) => a - b)[v.length >> 1];

// { status, headers (in order, as sent), body }
function get(port, address, headers) {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path: address, headers, agent: false }, (answer) => {
      const parts = [];
      answer.on('data', (d) => parts.push(d));
      answer.on('end', () => resolve({ status: answer.statusCode, raw: answer.rawHeaders, body: Buffer.concat(parts) }));
    });
    request.on('error', reject);
  });
}

async function answering(port, address, headers = {}, pause = 2) {
  for (let i = 0; i < 5000; i++) {
    try {
      const answer = await get(port, address, headers);
      if (answer.status === 200) return answer;
    } catch { /* not yet */ }
    await sleep(pause);
  }
  throw new Error(`nothing answers at port ${port}`);
}

// A port that was free a moment ago.
function freePort() {
  return new Promise((resolve) => {
    const server = http.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function startHoalu(store, args) {
  const port = await freePort();
  const child = pinned(serverCore, hoalu, ['serve', '--store', store, '--listen', `127.0.0.1:${port}`, '--open', '--no-seal', ...args],
    { stdio: ['ignore', 'ignore', 'inherit'] });
  return { name: 'hoalu', port, child, pids: () => [child.pid] };
}

// What nginx must say to say the same: every header but those it makes itself.
function nginxHeaders(raw) {
  const own = new Set(['date', 'content-length', 'content-type', 'etag', 'connection', 'server', 'last-modified']);
  const lines = [];
  for (let i = 0; i < raw.length; i += 2)
    if (!own.has(raw[i].toLowerCase())) lines.push(`add_header ${raw[i]} "${raw[i + 1].replaceAll('"', '\\"')}";`);
  return lines.join(' ');
}

async function startNginx(answers, tuned) {
  const port = await freePort(), name = tuned ? 'tuned' : 'nginx', home = path.join(folder, name);
  fs.mkdirSync(home);
  const places = answers.map((answer, i) => {
    const type = answer.raw[answer.raw.findIndex((h) => h.toLowerCase() === 'content-type') + 1];
    fs.writeFileSync(path.join(home, `f${i}`), answer.body);
    return `location = /f${i} { types { } default_type "${type}"; ${nginxHeaders(answer.raw)} }`;
  });
  fs.writeFileSync(path.join(home, 'nginx.conf'), `daemon off; master_process off; pid ${home}/pid; error_log stderr warn;
    ${process.getuid() === 0 ? 'user root;' : ''}
    events { worker_connections 1024; }
    http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; server_tokens off; ${tuned ? 'open_file_cache max=100;' : ''}
      client_body_temp_path ${home}/t1; proxy_temp_path ${home}/t2; fastcgi_temp_path ${home}/t3; uwsgi_temp_path ${home}/t4; scgi_temp_path ${home}/t5;
      server { listen 127.0.0.1:${port}; root ${home}; ${places.join('\n')} } }`);
  const child = pinned(serverCore, 'nginx', ['-c', path.join(home, 'nginx.conf'), '-p', home, '-e', 'stderr'],
    { stdio: ['ignore', 'ignore', 'inherit'] });
  await answering(port, '/f0');
  return { name, port, child, pids: () => [child.pid] };
}

// Seconds of processor that a server has used.
function used(server) {
  let sum = 0;
  for (const pid of server.pids()) {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    sum += Number(fields[11]) + Number(fields[12]);
  }
  return sum / ticks;
}

function memory(server) {
  const status = fs.readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
  const mib = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]) / 1024;
  return { all: mib('VmRSS'), own: mib('RssAnon') };
}

const milliseconds = (text) => {
  const [, number, unit] = /^([\d.]+)(us|ms|s)$/.exec(text);
  return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit];
};

function load(server, address, headers) {
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--latency'];
  for (const [name, value] of Object.entries(headers)) args.push('-H', `${name}: ${value}`);
  args.push(`http://127.0.0.1:${server.port}${address}`);
  const before = used(server);
  return new Promise((resolve, reject) => {
    const child = pinned(clientCore, 'wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (d) => (said += d));
    child.on('close', (status) => {
      const cpu = used(server) - before;
      if (status !== 0 || /Non-2xx|Socket errors/.test(said)) return reject(new Error(`${server.name} ${address}\n${said}`));
      const requests = Number(/(\d+) requests in/.exec(said)[1]);
      resolve({
        rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(said)[1]),
        cpu: (cpu / requests) * 1e6,
        p50: milliseconds(/^\s+50%\s+(\S+)/m.exec(said)[1]),
        p99: milliseconds(/^\s+99%\s+(\S+)/m.exec(said)[1]),
      });
    });
  });
}

function summary(runs) {
  const of = (key) => median(runs.map((r) => r[key]));
  return { rate: of('rate'), cpu: of('cpu'), p50: of('p50'), p99: of('p99') };
}

async function compare(c, ours, others, i) {
  const runs = { hoalu: [], nginx: [], tuned: [] };
  const turns = [[ours, c.path, c.headers], ...others.map((nginx) => [nginx, `/f${i}`, {}])];
  for (let round = 0; round < rounds; round++) {
    for (const [server, address, headers] of turns) runs[server.name].push(await load(server, address, headers));
    turns.push(turns.shift());
  }
  const a = summary(runs.hoalu), b = summary(runs.nginx), t = summary(runs.tuned);
  const row = (name, s, tail) => console.log(`${name.padEnd(26)} ${String(c.answer.body.length).padStart(7)} ${s.rate.toFixed(0).padStart(8)}/s ` +
    `${s.cpu.toFixed(1).padStart(8)} us ${s.p50.toFixed(2).padStart(8)} ${s.p99.toFixed(2).padStart(8)} ms  ${tail}`);
  const ratio = (n) => `x ${(a.rate / n.rate).toFixed(2)} (by cpu ${(n.cpu / a.cpu).toFixed(2)})`;
  row(c.name, a, c.server === 'kept' ? 'wanted: x 1 of nginx' : `wanted: x 0.3 of nginx, p99 under 10 ms`);
  row('  nginx, same file', b, ratio(b));
  row('  the same, tuned', t, ratio(t));
}

async function firstAnswer(store) {
  const took = [];
  for (let i = 0; i < STARTS; i++) {
    const at = process.hrtime.bigint();
    const server = await startHoalu(store, []);
    await answering(server.port, '/plans/06-nq-tu', HTML, 1);
    took.push(Number(process.hrtime.bigint() - at) / 1e6);
    server.child.kill('SIGTERM');
    await new Promise((done) => server.child.on('close', done));
  }
  console.log(`\nstart to first answer (the plan's page)  ${median(took).toFixed(0)} ms, median of ${STARTS}  (wanted: 300)`);
}

async function main() {
  const store = path.join(folder, 'bench.db');
  execFileSync(hoalu, ['org', 'load', '--store', store], { stdio: 'ignore' });
  execFileSync(hoalu, ['plan', 'load', plan, '--store', store], { stdio: 'ignore' });
  const ours = {
    kept: await startHoalu(store, []),
    anew: await startHoalu(store, ['--kept', '0']),
    bare: await startHoalu(store, ['--kept', '0', '--rows', '0']),
  };
  for (const server of Object.values(ours)) await answering(server.port, '/healthz');
  const rest = memory(ours.kept);
  for (const c of cases) c.answer = await answering(ours[c.server].port, c.path, c.headers);
  const answers = cases.map((c) => c.answer);
  const others = [await startNginx(answers, false), await startNginx(answers, true)];
  console.log(`${CONNECTIONS} connections kept alive, ${rounds} rounds of ${seconds} s in turn, medians; each server one thread on core ` +
    `${serverCore}, wrk one thread on core ${clientCore} of ${cores}`);
  console.log(execFileSync('nginx', ['-v'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }) +
    'nginx: sendfile, tcp_nopush, no log; its files are the answers, with the same headers; tuned: open_file_cache as well\n');
  console.log(`${''.padEnd(26)} ${'bytes'.padStart(7)} ${'answers'.padStart(10)} ${'cpu each'.padStart(11)} ${'p50'.padStart(8)} ${'p99'.padStart(11)}`);
  for (const [i, c] of cases.entries()) await compare(c, ours[c.server], others, i);
  const after = memory(ours.kept);
  await firstAnswer(store);
  console.log(`memory at rest  ${rest.all.toFixed(1)} MiB resident (${rest.own.toFixed(1)} its own); after the load ` +
    `${after.all.toFixed(1)} MiB (${after.own.toFixed(1)} its own)  (wanted: 64)`);
  process.exit(0);
}

main().catch((e) => {
  console.error(e.message);
  process.exit(1);
});
