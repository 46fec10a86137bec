'use strict';
// Run the built program and watch what it takes: time, and the memory of it and of its children.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const binary = path.resolve(process.env.HOALU || path.join(root, 'build/hoalu'));

function children(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

// Milliseconds of the processor that a process and its children took, which no neighbour on the machine lengthens: its own, and
// of children it has waited for. The kernel counts in hundredths of a second.
function cpuMs(pid) {
  try {
    const [user, system, userBelow, systemBelow] = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ').slice(11, 15).map(Number);
    return { own: (user + system) * 10, waited: (userBelow + systemBelow) * 10 };
  } catch {
    return { own: 0, waited: 0 };
  }
}

function peakKiB(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
  } catch {
    return 0;
  }
}

const sum = (map) => [...map.values()].reduce((a, b) => a + b, 0);

// { status, stdout, stderr, ms, cpuMs, peakMiB }; status is null when it was killed by a signal or by the time limit.
function run(args, { cwd = root, env = {}, limit = 60000 } = {}) {
  return new Promise((resolve, reject) => {
    const begin = process.hrtime.bigint();
    const child = spawn(binary, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { stdout: [], stderr: [] };
    for (const stream of ['stdout', 'stderr']) child[stream].on('data', (d) => text[stream].push(d));
    const peaks = new Map(), times = new Map();
    let below = 0;
    const look = () => {
      for (const pid of [child.pid, ...children(child.pid)]) {
        peaks.set(pid, Math.max(peaks.get(pid) || 0, peakKiB(pid)));
        const { own, waited } = cpuMs(pid);
        times.set(pid, Math.max(times.get(pid) || 0, own));
        if (pid === child.pid) below = Math.max(below, waited);
      }
    };
    const watch = setInterval(look, 10);
    const death = setTimeout(() => child.kill('SIGKILL'), limit);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearInterval(watch);
      clearTimeout(death);
      resolve({
        status,
        signal,
        stdout: Buffer.concat(text.stdout).toString(),
        stderr: Buffer.concat(text.stderr).toString(),
        ms: Number(process.hrtime.bigint() - begin) / 1e6,
        cpuMs: Math.max(sum(times), (times.get(child.pid) || 0) + below),
        peakMiB: sum(peaks) / 1024,
      });
    });
    look();
  });
}

async function json(args, options) {
  const r = await run(args, options);
  if (r.status !== 0) throw new Error(`hoalu ${args.join(' ')}: status ${r.status}\n${r.stderr}`);
  return JSON.parse(r.stdout);
}

function temporary(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hoalu-test-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

module.exports = { run, json, temporary, root, binary };
