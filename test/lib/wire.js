'use strict';
// A test server (test/http_server.c) and what can be said to it byte by byte.

const { spawn } = require('node:child_process');
const net = require('node:net');
const path = require('node:path');
const readline = require('node:readline');

const { binary } = require('./hoalu.js');
const program = process.env.HOALU_HTTP_SERVER || path.join(path.dirname(binary), 'test/http-server');

// { port, connections, stop() → exit status, exited }; it is ended with the test at the latest.
async function serve(t, options = {}) {
  const args = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.on('exit', (status, signal) => resolve(signal || status)));
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const lines = readline.createInterface({ input: child.stdout });
  const first = await new Promise((resolve, reject) => {
    lines.once('line', resolve);
    exited.then((status) => reject(new Error(`http-server ended: ${status}`)));
  });
  const [port, connections] = first.split(' ').map(Number);
  const stop = () => {
    child.kill('SIGTERM');
    return exited;
  };
  return { port, connections, stop, exited, pid: child.pid };
}

// A socket that remembers what came: { socket, text(), until(/…/), closed → {text, ms, reset} }.
function dial(port) {
  const begun = process.hrtime.bigint();
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const chunks = [];
  const waiting = [];
  let reset = false;
  const text = () => Buffer.concat(chunks).toString('latin1');
  const look = () => waiting.forEach((w) => w());
  socket.on('data', (d) => {
    chunks.push(d);
    look();
  });
  socket.on('error', () => {
    reset = true;
  });
  const closed = new Promise((resolve) => {
    const done = () => resolve({ text: text(), ms: Number(process.hrtime.bigint() - begun) / 1e6, reset });
    socket.on('end', () => {
      done();
      socket.end();
      look();
    });
    socket.on('close', () => {
      done();
      look();
    });
  });
  const until = (pattern, ms = 10000) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${pattern} in ${ms} ms; came: ${text().slice(0, 400)}`)), ms);
      const check = () => {
        const match = pattern.exec(text());
        if (match || socket.readableEnded || socket.destroyed) {
          clearTimeout(timer);
          waiting.splice(waiting.indexOf(check), 1);
          if (match) resolve(match);
          else reject(new Error(`closed before ${pattern}; came: ${text().slice(0, 400)}`));
        }
      };
      waiting.push(check);
      check();
    });
  return { socket, text, until, closed };
}

// Say it all at once and give back what came until the server closed.
async function say(port, bytes, ms = 10000) {
  const d = dial(port);
  d.socket.write(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, 'latin1'));
  let timer;
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`still open after ${ms} ms; came: ${d.text().slice(0, 400)}`)), ms);
  });
  try {
    return await Promise.race([d.closed, late]);
  } finally {
    clearTimeout(timer);
    d.socket.destroy();
  }
}

// The first answer of a text: { status, headers, body }.
function answer(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`no answer: ${JSON.stringify(text.slice(0, 200))}`);
  const [line, ...rest] = text.slice(0, end).split('\r\n');
  const headers = {};
  for (const h of rest) headers[h.slice(0, h.indexOf(':')).toLowerCase()] = h.slice(h.indexOf(':') + 1).trim();
  return { status: Number(line.split(' ')[1]), headers, body: text.slice(end + 4) };
}

const statuses = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) [A-Z]/g)].map((m) => Number(m[1]));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

module.exports = { serve, dial, say, answer, statuses, sleep };
