'use strict';
// What clients may do to the server: by the standard (RFC 9110, 9112), by mistake and on purpose, byte by byte.

const assert = require('node:assert');
const { test } = require('node:test');
const { serve, dial, say, answer, statuses, sleep } = require('./lib/wire.js');

const get = (target, more = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${more}\r\n`;
const post = (body, more = '') => `POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;

// An error of the module's own: problem+json that says its status, nosniff, and the connection is closed.
function problem(r, status) {
  const a = answer(r.text);
  assert.strictEqual(a.status, status, r.text);
  assert.strictEqual(a.headers['content-type'], 'application/problem+json');
  assert.strictEqual(a.headers['x-content-type-options'], 'nosniff');
  assert.match(a.headers.connection, /close/i);
  assert.strictEqual(Number(a.headers['content-length']), a.body.length);
  const said = JSON.parse(Buffer.from(a.body, 'latin1').toString('utf8'));
  assert.strictEqual(said.status, status);
  assert.match(said.title, /^\p{Lu}.* \([a-zA-Z ]+\)$/u);
  return a;
}
// Refused by the library before we see it: the status and the end of the connection are what counts. (0.9.75 says some
// of its refusals twice over, before it closes.)
function refused(r, ...allowed) {
  const seen = statuses(r.text);
  assert.ok(seen.every((status) => allowed.includes(status)), `${seen} is not only ${allowed}`);
}

test('what is asked well is answered', async (t) => {
  const { port } = await serve(t);
  const a = answer((await say(port, get('/k%E1%BA%BF?q=%C4%91+1&q=2'))).text);
  assert.strictEqual(a.status, 200);
  assert.strictEqual(Buffer.from(a.body, 'latin1').toString(), 'GET /kế\nq=đ 1\nq=2\n\n');
  assert.strictEqual(a.headers['x-content-type-options'], 'nosniff');
  assert.ok(Date.parse(a.headers.date) > 0);
  assert.strictEqual(answer((await say(port, post('xin chao', 'Connection: close\r\n'))).text).body, 'POST /p\n\nxin chao');
  assert.strictEqual(answer((await say(port, get('http://a/x?y=1'))).text).body, 'GET /x\ny=1\n\n');
  const old = answer((await say(port, 'GET /old HTTP/1.0\r\n\r\n')).text);
  assert.strictEqual(old.body, 'GET /old\n\n');
});

test('a connection is kept, and closed when asked', async (t) => {
  const { port } = await serve(t);
  const d = dial(port);
  d.socket.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\n');
  await d.until(/GET \/1\n\n$/);
  d.socket.write('GET /slow2 HTTP/1.1\r\nHost: a\r\n\r\n');
  await d.until(/GET \/slow2\n\n$/);
  d.socket.write(get('/3'));
  const r = await d.closed;
  assert.deepStrictEqual(statuses(r.text), [200, 200, 200]);
  assert.match(r.text, /GET \/3\n\n$/);
});

test('requests sent without waiting are answered in order', async (t) => {
  const { port } = await serve(t);
  let all = '';
  const want = [];
  for (let i = 0; i < 60; i++) {
    const target = i % 5 === 0 ? `/slow${i}?ms=5` : `/fast${i}`;
    all += i % 7 === 3 ? `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc` : `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
    want.push(target.split('?')[0]);
  }
  const r = await say(port, all + get('/last'));
  assert.deepStrictEqual([...r.text.matchAll(/^(?:GET|POST) (\S+)$/gm)].map((m) => m[1]), [...want, '/last']);
  assert.ok(statuses(r.text).every((s) => s === 200));
});

test('HEAD has the headers and the length of GET and no body', async (t) => {
  const { port } = await serve(t);
  for (const target of ['/abc', '/big?n=100000', '/slow']) {
    const full = answer((await say(port, get(target))).text);
    const head = answer((await say(port, get(target).replace('GET', 'HEAD'))).text);
    assert.strictEqual(head.body, '');
    const length = target === '/big?n=100000' ? '100000' : String(full.body.length + 1);
    assert.strictEqual(head.headers['content-length'], length); // "HEAD" is a letter longer than "GET" in the echo
    assert.strictEqual(head.headers['content-type'], full.headers['content-type']);
  }
  const bad = answer((await say(port, 'HEAD /%00 HTTP/1.1\r\nHost: a\r\n\r\n')).text);
  assert.strictEqual(bad.status, 400);
  assert.strictEqual(bad.body, '');
});

test('204 and 304 have no body, and the connection stays in step', async (t) => {
  const { port } = await serve(t);
  for (const code of [204, 304]) {
    const r = await say(port, `GET /status?code=${code}&etag=1 HTTP/1.1\r\nHost: a\r\n\r\n${get('/next')}`);
    assert.deepStrictEqual(statuses(r.text), [code, 200]);
    assert.match(r.text, /ETag: "x"/);
    assert.match(r.text, /GET \/next\n\n$/);
    assert.ok(!r.text.includes('GET /status'));
  }
  assert.strictEqual(answer((await say(port, get('/status?code=99'))).text).status, 500);
});

test('another method gets 405 with what is allowed', async (t) => {
  const { port } = await serve(t);
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'get', 'BREW']) {
    const r = await say(port, `${method} /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc`);
    assert.strictEqual(problem(r, 405).headers.allow, 'GET, HEAD, POST');
    assert.deepStrictEqual(statuses(r.text), [405]);
  }
  problem(await say(port, 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'), 405);
});

test('a target that could be read two ways is refused', async (t) => {
  const { port } = await serve(t);
  for (const target of ['/a%00b', '/a?b=%00', '/%', '/%4', '/%zz', '/a?b=%f', '/%ff', '/a?b=%c0%af', '/%c3', '/%ed%a0%80', '/%f4%90%80%80', '/%f8%88%80%80%80', '/%80', '/a?%e1%ba=1', '/\xff', '/a?\xc3',
    '/.', '/..', '/a/../b', '/a/./b', '/%2e%2e/etc/passwd', '/a/%2E', '/.%2e/', '/a%2fb', '/a#b', '/a?b#c', 'a', '*',
    'http://', 'ftp://a/b', '/a%0ab', '/a%7f']) {
    problem(await say(port, get(target)), 400);
  }
  for (const line of ['GET /a\0b HTTP/1.1', 'GET /a\0 HTTP/1.1', 'GET /a b HTTP/1.1', 'GET /a\tb HTTP/1.1']) {
    refused(await say(port, `${line}\r\nHost: a\r\nConnection: close\r\n\r\n`), 400);
  }
});

test('two lengths, or a length with a coding, are refused and the rest is not read as a request', async (t) => {
  const { port } = await serve(t);
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
  const heads = ['Content-Length: 3\r\nContent-Length: 3', 'Content-Length: 0\r\nContent-Length: 40', 'Content-Length: 3, 3',
    'Content-Length: 3\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 3',
    'Content-Length: 0\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
    'Content-Length: +3', 'Content-Length: -3', 'Content-Length: 0x3', 'Content-Length: 3 3', 'Content-Length:',
    'Content-Length: 99999999999999999999999', 'Transfer-Encoding: xchunked', 'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding : chunked', 'Transfer-Encoding: identity', 'Transfer-Encoding: chunked, identity',
    'Content-Length : 3', 'X: y\r\n Content-Length: 3\r\nContent-Length: 3\r\nContent-Length: 0'];
  for (const head of heads) {
    for (const method of ['POST', 'GET']) {
      const r = await say(port, `${method} /p HTTP/1.1\r\nHost: a\r\n${head}\r\n\r\n0\r\n\r\n${smuggled}`);
      assert.ok(!r.text.includes('/smuggled'), `${head}: ${r.text}`);
      assert.ok([400, 413, 501].includes(answer(r.text).status), `${method} ${head}: ${r.text}`);
      }
  }
  problem(await say(port, `POST /p HTTP/1.1\r\nHost: a\r\n${heads[0]}\r\n\r\nabc`), 400);
  problem(await say(port, `POST /p HTTP/1.1\r\nHost: a\r\n${heads[3]}\r\n\r\n0\r\n\r\n`), 400);
});

test('one Host, and that of the target', async (t) => {
  const { port } = await serve(t);
  const ask = (head, target = '/') => say(port, `GET ${target} HTTP/1.1\r\n${head}Connection: close\r\n\r\n`);
  problem(await ask('Host: a\r\nHost: b\r\n'), 400);
  problem(await ask('Host: a\r\nHost: a\r\n'), 400);
  problem(await ask('Host: b\r\n', 'http://a/'), 400);
  problem(await ask('Host: a/../b\r\n'), 400);
  problem(await ask('Host: user@a\r\n'), 400);
  problem(await ask('Host: \r\n'), 400);
  assert.strictEqual(answer((await ask('')).text).status, 400);
  assert.strictEqual(answer((await ask('Host: [::1]:8057\r\n')).text).status, 200);
});

test('what a page of another site sends is refused before it is read', async (t) => {
  const { port } = await serve(t);
  for (const more of ['Origin: http://evil.example\r\n', 'Origin: null\r\n', 'Origin: http://a:81\r\n', 'Sec-Fetch-Site: cross-site\r\n',
    'Sec-Fetch-Site: same-site\r\n', 'Origin: http://a\r\nSec-Fetch-Site: cross-site\r\n', 'Origin: http://a\r\nOrigin: http://a\r\n']) {
    problem(await say(port, post('x=1', more)), 403);
    assert.strictEqual(answer((await say(port, get('/x', more))).text).status, 200, 'reading changes nothing');
  }
  for (const more of ['', 'Origin: http://a\r\n', 'Sec-Fetch-Site: same-origin\r\n', 'Origin: http://a\r\nSec-Fetch-Site: same-origin\r\n']) {
    assert.strictEqual(answer((await say(port, post('x=1', `${more}Connection: close\r\n`))).text).status, 200, more);
  }
});

test('a server for this machine alone answers to no other name', async (t) => {
  const { port } = await serve(t, { loopback_names: 1 });
  const ask = (host, method = 'GET') => say(port, `${method} / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:8057', '10.0.0.1', '0.0.0.0', 'a']) {
    problem(await ask(host), 403);
    problem(await ask(host, 'POST'), 403);
  }
  for (const host of ['localhost', '127.0.0.1', `127.0.0.1:${port}`, '[::1]:9', 'localhost:9000']) {
    assert.strictEqual(answer((await ask(host)).text).status, 200, host);
  }
  assert.strictEqual(answer((await say(port, 'GET / HTTP/1.0\r\n\r\n')).text).status, 200);
});

test('header lines that are none', async (t) => {
  const { port } = await serve(t);
  for (const line of ['no colon', ': empty', 'a b: c', 'X: a\0b', 'X\0: a', '\0X: a', '\0', ':', 'X: a\x01b', 'X: a\rb', 'X: a\nY: b', '\n',
    ' X: folded', 'X: y\r\n folded', 'X: y\r\n\t', 'X(: a', 'X : a']) {
    const r = await say(port, `GET / HTTP/1.1\r\nHost: a\r\n${line}\r\nConnection: close\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`);
    assert.strictEqual(answer(r.text).status, 400, JSON.stringify(line));
    assert.ok(!r.text.includes(' 200 '), r.text);
  }
  for (const line of ['X: a  ', 'X:a', 'X:', 'X:  ', 'X:\t a\t', 'X-1!#$%&\'*+.^_`|~: \xe1\xba\xbf']) {
    const r = await say(port, `GET / HTTP/1.1\r\n${line}\r\nHost: a\r\n${line}\r\nConnection: close\r\n\r\n`);
    assert.strictEqual(answer(r.text).status, 200, JSON.stringify(line));
  }
  // A block that comes in pieces is the same block.
  const d = dial(port);
  for (const c of 'GET /a HTTP/1.1\r\nHost: a\r\nX: yyyyyyyyyyyyyyyyyy\r\nConnection: close\r\n\r\n') {
    d.socket.write(c);
    await sleep(1);
  }
  assert.match((await d.closed).text, /GET \/a\n/);
});

test('other versions of HTTP, and what is not HTTP', async (t) => {
  const { port } = await serve(t);
  for (const line of ['GET / HTTP/2.0', 'GET / HTTP/0.9', 'GET / HTTP/1.10', 'GET / HTTP/', 'GET / http/1.1', 'GET / HTTP/1.2', 'GET /', 'GET', 'GET  / HTTP/1.1', 'GET /  HTTP/1.1', 'GET\t/ HTTP/1.1', 'GET / FTP/1.1',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'PRI * HTTP/2.0']) {
    const r = await say(port, `${line}\r\nHost: a\r\n\r\n`);
    refused(r, 400, 405, 505);
    assert.ok(!r.text.includes('GET /\n\n'), JSON.stringify(line));
  }
});

test('long lines and many headers', async (t) => {
  const { port } = await serve(t);
  problem(await say(port, get(`/${'a'.repeat(9000)}`)), 414);
  assert.strictEqual(answer((await say(port, get(`/${'a'.repeat(8000)}`))).text).status, 200);
  refused(await say(port, get(`/${'a'.repeat(1000000)}`)), 414, 431);
  problem(await say(port, get('/', `X: ${'a'.repeat(17000)}\r\n`)), 431);
  assert.strictEqual(answer((await say(port, get('/', `X: ${'a'.repeat(15000)}\r\n`))).text).status, 200);
  problem(await say(port, get('/', 'X: a\r\n'.repeat(200))), 431);
  assert.strictEqual(answer((await say(port, get('/', 'X: a\r\n'.repeat(100)))).text).status, 200);
  refused(await say(port, get('/', 'X: a\r\n'.repeat(100000))), 431);
  problem(await say(port, get(`/?${'&'.repeat(5000)}`)), 414);
  problem(await say(port, get(`/?${'a=b&'.repeat(1500)}`)), 414);
  assert.strictEqual(answer((await say(port, get(`/?${'a&'.repeat(300)}`))).text).status, 200);
  refused(await say(port, get('/', `Cookie: ${'a=b; '.repeat(3000)}\r\n`)), 200, 400, 431);
  refused(await say(port, get(`/?${'a&'.repeat(500)}`, `Cookie: ${'a=b; '.repeat(2500)}\r\n`)), 200, 400, 431);
  assert.strictEqual(answer((await say(port, get('/', `Cookie: ${'a=b; '.repeat(300)}\r\n`))).text).status, 200);
});

const residentMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(require('node:fs').readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

// Send 20 MB and count what could be sent before the answer was there.
async function flood(port, head, piece) {
  const d = dial(port);
  let sent = 0;
  d.socket.write(head);
  while (sent < 20 << 20 && !d.text().includes('\r\n\r\n') && !d.socket.destroyed) {
    const ready = d.socket.write(piece);
    sent += piece.length;
    if (!ready) await Promise.race([new Promise((resolve) => d.socket.once('drain', resolve)), d.closed, sleep(2000)]);
    else await sleep(0);
  }
  const r = await d.closed;
  d.socket.destroy();
  return { ...r, sent };
}

test('a body over the limit gets 413 without being read', async (t) => {
  const { port } = await serve(t);
  const piece = Buffer.alloc(64 << 10, 'x');
  const plain = await flood(port, 'POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 20971520\r\n\r\n', piece);
  problem(plain, 413);
  assert.ok(plain.sent < 8 << 20, `${plain.sent} bytes were taken`);
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), piece, Buffer.from('\r\n')]);
  const chunked = await flood(port, 'POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', chunk);
  problem(chunked, 413);
  assert.ok(chunked.sent < 20 << 20, `${chunked.sent} bytes were taken`);
  problem(await flood(port, 'GET /p HTTP/1.1\r\nHost: a\r\nContent-Length: 20971520\r\n\r\n', piece), 413);
  problem(await flood(port, 'PUT /p HTTP/1.1\r\nHost: a\r\nContent-Length: 20971520\r\n\r\n', piece), 405);
  // One that sends all of it before it reads gets the answer too.
  problem(await say(port, Buffer.concat([Buffer.from('POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 20971520\r\n\r\n'), Buffer.alloc(20 << 20)])), 413);
});

test('a body within the limit arrives whole', async (t) => {
  const { port } = await serve(t);
  const body = 'y'.repeat(8 << 20);
  const a = answer((await say(port, post(body, 'Connection: close\r\n'))).text);
  assert.strictEqual(a.status, 200);
  assert.strictEqual(a.body.length, body.length + 'POST /p\n\n'.length);
  let chunked = 'POST /p HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
  for (let i = 0; i < 100; i++) chunked += `3;ext=1\r\n${String(i).padStart(3, '0')}\r\n`;
  const b = answer((await say(port, `${chunked}0\r\nTrailer: x\r\n\r\n`)).text);
  assert.match(b.body, /^POST \/p\n\n000001002.*099$/);
});

test('chunks that never come to an end, with words instead of bytes', async (t) => {
  const { port, pid } = await serve(t, { body_ms: 3000 });
  const head = 'POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
  const before = residentMiB(pid);
  for (const [start, piece] of [['1;', 'extension'.repeat(1000)], ['1', '0'.repeat(10000)], ['1\r\nx\r\n0\r\n', `X: ${'y'.repeat(1000)}\r\n`]]) {
    const d = await flood(port, head + start, Buffer.from(piece));
    refused(d, 400, 413, 431, 500); // 0.9.75 says 500 when a line of a body is longer than its memory for a connection
    assert.ok(d.sent < 20 << 20, `${start}: ${d.sent} bytes were taken`);
  }
  assert.ok(residentMiB(pid) - before < 16, 'and none of it is kept');
  assert.strictEqual(answer((await say(port, get('/x'))).text).status, 200);
});

test('who asks without end and takes no answer is not served without end', async (t) => {
  const { port, pid } = await serve(t, { threads: 1 });
  const before = residentMiB(pid);
  const d = dial(port);
  d.socket.pause();
  const many = Buffer.from('GET /big?n=10000 HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1000));
  let sent = 0;
  for (let full = 0; full < 5 && sent < 100; sent++) {
    if (d.socket.write(many)) continue;
    full++;
    await Promise.race([new Promise((resolve) => d.socket.once('drain', resolve)), sleep(200)]);
  }
  for (let i = 0; i < 20; i++) assert.strictEqual(answer((await say(port, get('/x'))).text).status, 200);
  assert.ok(residentMiB(pid) - before < 16, `${residentMiB(pid) - before} MiB for one who takes nothing`);
  d.socket.destroy();
});

test('broken chunks', async (t) => {
  const { port } = await serve(t);
  for (const chunks of ['zz\r\nabc\r\n0\r\n\r\n', '-1\r\nabc\r\n', 'ffffffffffffffffff\r\nabc', '3\r\nabcd\r\n0\r\n\r\n', '\r\n\r\n', '3 \0\r\nabc\r\n0\r\n\r\n']) {
    const d = dial(port);
    d.socket.write(`POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`);
    d.socket.end();
    const r = await d.closed;
    refused(r, 400, 413);
  }
});

test('Expect: 100-continue', async (t) => {
  const { port } = await serve(t);
  const d = dial(port);
  d.socket.write('POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n');
  await d.until(/^HTTP\/1\.1 100 .*\r\n\r\n/);
  d.socket.write('abc');
  assert.match((await d.closed).text, /POST \/p\n\nabc$/);
  problem(await say(port, 'POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 20971520\r\nExpect: 100-continue\r\n\r\n'), 413);
  problem(await say(port, 'POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: miracles\r\n\r\n'), 417);
});

test('Range is ignored, however it is abused', async (t) => {
  const { port } = await serve(t);
  const many = Array.from({ length: 1300 }, (_, i) => `${i}-${i}`).join(',');
  for (const range of ['bytes=0-9', `bytes=${many}`, 'bytes=0-18446744073709551615', 'bytes=-1', 'bytes=9-0', 'bytes=', 'lines=1-2', `bytes=${'0-,'.repeat(4000)}`]) {
    for (const more of ['', 'If-Range: "x"\r\n', 'Range: bytes=0-0\r\n']) {
      const a = answer((await say(port, get('/big?n=1000', `Range: ${range}\r\n${more}`))).text);
      assert.strictEqual(a.status, 200);
      assert.strictEqual(a.body.length, 1000);
    }
  }
});

test('a header block and a body that come too slowly end at their deadline', async (t) => {
  const { port } = await serve(t, { header_ms: 800, body_ms: 800, idle_ms: 1500 });
  async function dribble(first, rest) {
    const d = dial(port);
    d.socket.write(first);
    const timer = setInterval(() => d.socket.writable && d.socket.write(rest), 100);
    const late = setTimeout(() => d.socket.destroy(new Error('never closed')), 8000);
    const r = await d.closed;
    clearInterval(timer);
    clearTimeout(late);
    d.socket.destroy();
    return r;
  }
  const cases = [['', 'G'], ['GET / HTTP/1.1\r\n', 'X: y\r\n'], ['GET / HTTP/1.1\r\nHost: a\r\nX: ', 'y'],
    ['POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n', 'z'],
    ['POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nz\r\n'],
    ['POST /slow HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1', '0']];
  const ends = await Promise.all(cases.map(([first, rest]) => dribble(first, rest)));
  ends.forEach((r, i) => {
    assert.ok(r.ms > 700 && r.ms < 2500, `${JSON.stringify(cases[i])}: closed after ${r.ms} ms`);
    assert.ok(!r.text.includes(' 200 '), r.text);
  });
  const silent = await say(port, '');
  assert.ok(silent.ms > 700 && silent.ms < 2500, `a silent one: ${silent.ms} ms`);
  const kept = await say(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.ok(kept.ms > 1400 && kept.ms < 4000, `a kept one: ${kept.ms} ms`);
  // What takes long on our side has no deadline of theirs.
  assert.match((await say(port, get('/slow?ms=2500'))).text, /GET \/slow\n/);
});

test('who does not take the answer stops nobody else', async (t) => {
  const { port, stop } = await serve(t, { threads: 1, grace_s: 1 });
  const d = dial(port);
  d.socket.pause();
  d.socket.write(get('/big?n=30000000'));
  await sleep(300);
  for (let i = 0; i < 10; i++) assert.match((await say(port, get('/x'))).text, /GET \/x/);
  assert.strictEqual(await stop(), 0);
  d.socket.destroy();
});

test('bodies together have a limit too', async (t) => {
  const { port } = await serve(t, { threads: 2, bodies_max: 4 << 20 });
  const held = Array.from({ length: 3 }, () => dial(port));
  for (const d of held) d.socket.write(`POST /p HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 500001\r\n\r\n${'x'.repeat(500000)}`);
  await sleep(500);
  problem(await say(port, post('y'.repeat(3000000))), 503);
  for (const d of held) d.socket.write('z');
  for (const d of held) assert.match((await d.closed).text, /POST \/p\n\nx+z$/);
  // What was held has been given back: the same again and again.
  for (let i = 0; i < 10; i++) assert.strictEqual(answer((await say(port, post('y'.repeat(1500000), 'Connection: close\r\n'))).text).status, 200);
});

test('slow requests do not keep fast ones waiting', async (t) => {
  const { port } = await serve(t, { threads: 1, workers: 2 });
  const slow = Array.from({ length: 6 }, () => say(port, get('/slow?ms=500')));
  await sleep(100);
  for (let i = 0; i < 20; i++) {
    const r = await say(port, get('/fast'));
    assert.ok(r.ms < 400, `${r.ms} ms`);
  }
  for (const r of await Promise.all(slow)) assert.strictEqual(answer(r.text).status, 200);
});

test('a request without enough memory gets 503, the next is served', async (t) => {
  const { port } = await serve(t, { arena_max: 4 << 20 });
  for (const target of ['/memory', '/slow/memory']) {
    const d = dial(port);
    d.socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await d.until(/"status":503/);
    d.socket.write(get('/after'));
    const r = await d.closed;
    assert.deepStrictEqual(statuses(r.text), [503, 200]);
    assert.match(r.text, /application\/problem\+json/);
  }
  problem(await say(port, post('x'.repeat(5 << 20))), 503);
});

test('clients that vanish while they are answered, and a stop waits for none of them', async (t) => {
  const { port, stop } = await serve(t, { grace_s: 120 });
  for (let i = 0; i < 100; i++) {
    const d = dial(port);
    d.socket.write(['GET /slow?ms=20 HTTP/1.1\r\nHost: a\r\n\r\n', 'GET /big?n=10000000 HTTP/1.1\r\nHost: a\r\n\r\n', 'POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc', 'GET / HT'][i % 4]);
    await sleep(2);
    if (i % 8 < 4) d.socket.resetAndDestroy ? d.socket.resetAndDestroy() : d.socket.destroy();
    else d.socket.destroy();
  }
  assert.strictEqual(answer((await say(port, get('/x'))).text).status, 200);
  const told = Date.now();
  assert.strictEqual(await stop(), 0);
  assert.ok(Date.now() - told < 60000, 'it waited out its grace');
});

test('a peer has so many connections and no more', async (t) => {
  const { port } = await serve(t, { threads: 2, connections_of_peer: 10 });
  const held = Array.from({ length: 10 }, () => dial(port));
  await sleep(300);
  const more = dial(port);
  more.socket.write(get('/x'));
  assert.strictEqual((await more.closed).text, '');
  held.forEach((d) => d.socket.destroy());
  await sleep(300);
  assert.strictEqual(answer((await say(port, get('/x'))).text).status, 200);
});

test('10,000 idle connections do not stop another reader', async (t) => {
  const fs = require('node:fs');
  const limit = Number(/Max open files\s+(\d+)/.exec(fs.readFileSync('/proc/self/limits', 'utf8'))[1]);
  const { port, connections, pid } = await serve(t, { connections: 12000, connections_of_peer: 12000, header_ms: 120000 });
  const n = Math.min(10000, limit - 500, connections - 100);
  t.diagnostic(`${n} idle connections (descriptors: ${limit} here; the server takes ${connections} connections)`);
  const idle = [];
  const before = residentMiB(pid);
  const net = require('node:net');
  for (let i = 0; i < n; ) {
    const batch = Array.from({ length: Math.min(200, n - i) }, () => new Promise((resolve, reject) => {
      const s = net.connect({ port, host: '127.0.0.1' }, () => resolve(s));
      s.once('error', reject);
    }));
    idle.push(...(await Promise.all(batch)));
    i += batch.length;
  }
  let slowest = 0;
  for (let i = 0; i < 20; i++) {
    const r = await say(port, get('/x'));
    assert.strictEqual(answer(r.text).status, 200);
    slowest = Math.max(slowest, r.ms);
  }
  const each = ((residentMiB(pid) - before) * 1024) / n;
  t.diagnostic(`${each.toFixed(1)} KiB for each of them`);
  assert.ok(each < 16 || process.env.HOALU_HTTP_SERVER, `${each} KiB for a connection that says nothing`);
  t.diagnostic(`slowest of 20 answers beside them: ${slowest.toFixed(1)} ms`);
  assert.ok(slowest < 1000, `${slowest} ms`);
  assert.ok(idle.every((s) => !s.destroyed), 'all are still open');
  idle.forEach((s) => s.destroy());
});

test('stopping under load: what was begun is answered, then nobody is let in', async (t) => {
  const { port, stop } = await serve(t, { grace_s: 5 });
  const idle = dial(port);
  const half = dial(port);
  const begun = Array.from({ length: 8 }, (_, i) => say(port, `GET /slow${i}?ms=${i < 4 ? 600 : 300} HTTP/1.1\r\nHost: a\r\n\r\n`));
  half.socket.write('POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc');
  await sleep(200);
  const clock = Date.now();
  const ended = stop();
  await sleep(100);
  half.socket.write('def');
  await assert.rejects(new Promise((resolve, reject) => require('node:net').connect({ port, host: '127.0.0.1' }, resolve).on('error', reject)), /ECONNREFUSED/);
  for (const [i, r] of (await Promise.all(begun)).entries()) {
    assert.deepStrictEqual(statuses(r.text), [200], `request ${i}`);
    assert.match(r.text, new RegExp(`GET /slow${i}\n`));
  }
  assert.match((await half.closed).text, /POST \/half\n\nabcdef$/);
  assert.strictEqual((await idle.closed).text, '');
  assert.strictEqual(await ended, 0);
  assert.ok(Date.now() - clock < 4000, `${Date.now() - clock} ms`);
});

test('stopping does not wait longer than its grace for a client', async (t) => {
  const { port, stop } = await serve(t, { grace_s: 1 });
  const half = dial(port);
  half.socket.write('POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc');
  await sleep(200);
  const clock = Date.now();
  assert.strictEqual(await stop(), 0);
  assert.ok(Date.now() - clock > 900 && Date.now() - clock < 3000, `${Date.now() - clock} ms`);
  assert.strictEqual((await half.closed).text.includes(' 200 '), false);
});
