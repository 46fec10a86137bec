'use strict';
// `hoalu serve` over TLS with a certificate made here, and whom it answers: names of this machine, pages of its own.

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const path = require('node:path');
const { test } = require('node:test');
const { run, temporary } = require('./lib/hoalu.js');
const { serve } = require('./lib/serve.js');

function certificate(folder, name) {
  const [cert, key] = [path.join(folder, `${name}.pem`), path.join(folder, `${name}.key`)];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'pipe' });
  fs.chmodSync(key, 0o600);
  return { cert, key };
}

async function newStore(folder) {
  const store = path.join(folder, 'k.db');
  const bodies = path.join(folder, 'bodies.csv');
  fs.writeFileSync(bodies, 'code,name,kind\nSO-A,Sở A,department\n');
  const r = await run(['org', 'load', bodies, '--store', store]);
  assert.strictEqual(r.status, 0, r.stderr);
  return store;
}

// { status, text, headers, tls }
function ask(url, options = {}, body) {
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https') ? https : http).request(url, { agent: false, ...options }, (response) => {
      const tls = response.socket.getProtocol?.();
      let text = '';
      response.setEncoding('utf8').on('data', (d) => {
        text += d;
        if (options.until?.test(text)) request.destroy(resolve({ status: response.statusCode, text, headers: response.headers, tls }));
      });
      response.on('end', () => resolve({ status: response.statusCode, text, headers: response.headers, tls }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

test('over TLS 1.2 and 1.3, and nothing older', async (t) => {
  const folder = temporary(t);
  const { cert, key } = certificate(folder, 'a');
  const { url, stop } = await serve(t, await newStore(folder), ['--tls-certificate', cert, '--tls-key', key]);
  assert.match(url, /^https:/);
  const ca = fs.readFileSync(cert);
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    const r = await ask(`${url}/healthz`, { ca, minVersion: version, maxVersion: version });
    assert.deepStrictEqual([r.status, r.text, r.tls], [200, 'ok\n', version]);
  }
  const old = { ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
  const closed = /alert|disconnected before secure|ECONNRESET|socket hang up/; // by the server
  await assert.rejects(ask(`${url}/healthz`, old), closed);
  assert.strictEqual((await ask(`${url}/healthz`, { ...old, maxVersion: 'TLSv1.2' })).tls, 'TLSv1.2');
  for (const ciphers of ['AES128-SHA256', 'ECDHE-ECDSA-AES128-SHA']) {
    await assert.rejects(ask(`${url}/healthz`, { ca, maxVersion: 'TLSv1.2', ciphers }), closed);
  }
  await assert.rejects(ask(url.replace('https', 'http')), /socket hang up|ECONNRESET|Parse Error/);
  // Pages, streams, and what is refused before anybody looks at it.
  assert.match((await ask(`${url}/plans`, { ca, headers: { Accept: 'text/html' } })).text, /<html/);
  assert.match((await ask(`${url}/events?after=0`, { ca, until: /\nid: 1\n/ })).text, /data: \{"position":1,/);
  const put = await ask(`${url}/x`, { ca, method: 'PUT' }, 'abc');
  assert.strictEqual(put.status, 405);
  assert.strictEqual(JSON.parse(put.text).status, 405);
  assert.strictEqual((await ask(`${url}/api/plan.list`, { ca, method: 'POST', headers: { 'Content-Length': 20 << 20 } })).status, 413);
  const headers = { 'Content-Type': 'application/json', Origin: url };
  assert.strictEqual((await ask(`${url}/api/plan.list`, { ca, method: 'POST', headers }, '{}')).status, 200);
  assert.strictEqual(await stop(), 0);
});

test('a key that others may read, and what is no certificate, are refused in plain words', async (t) => {
  const folder = temporary(t);
  const store = await newStore(folder);
  const a = certificate(folder, 'a');
  const b = certificate(folder, 'b');
  const none = path.join(folder, 'none.pem');
  fs.writeFileSync(none, 'no certificate\n');
  const start = (...args) => run(['serve', '--store', store, '--listen', '127.0.0.1:0', '--open', ...args], { limit: 5000 });
  const cases = [[['--tls-certificate', a.cert], 2, /--tls-key/], [['--tls-key', a.key], 2, /--tls-certificate/],
    [['--tls-certificate', a.cert, '--tls-key', b.key], 1, /a\.pem: .*b\.key/], [['--tls-certificate', none, '--tls-key', a.key], 1, /none\.pem: /],
    [['--tls-certificate', path.join(folder, 'x'), '--tls-key', a.key], 1, /\/x: /], [['--tls-certificate', folder, '--tls-key', a.key], 1, /regular file/]];
  for (const [args, status, words] of cases) {
    const r = await start(...args);
    assert.strictEqual(r.status, status, args.join(' '));
    assert.match(r.stderr, words);
  }
  fs.chmodSync(a.key, 0o644);
  const r = await start('--tls-certificate', a.cert, '--tls-key', a.key);
  assert.strictEqual(r.status, 1);
  assert.match(r.stderr, /a\.key: .*chmod 600/);
});

test('the server of this machine answers its own names and pages alone', async (t) => {
  const { url } = await serve(t, await newStore(temporary(t)));
  const { host, port } = new URL(url);
  for (const Host of ['evil.example', `evil.example:${port}`, `127.0.0.1.evil.example:${port}`]) {
    const r = await ask(`${url}/plans.json`, { headers: { Host } });
    assert.strictEqual(r.status, 403);
    assert.strictEqual(r.headers['content-type'], 'application/problem+json');
  }
  assert.strictEqual((await ask(`${url}/plans.json`, { headers: { Host: `localhost:${port}` } })).status, 200);
  const post = (headers) => ask(`${url}/api/plan.list`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } }, '{}');
  assert.strictEqual((await post({})).status, 200);
  assert.strictEqual((await post({ Origin: `http://${host}` })).status, 200);
  for (const headers of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, { Origin: `http://localhost:${port}` }, { 'Sec-Fetch-Site': 'cross-site' }]) {
    const r = await post(headers);
    assert.strictEqual(r.status, 403, JSON.stringify(headers));
    assert.strictEqual(JSON.parse(r.text).status, 403);
  }
});
