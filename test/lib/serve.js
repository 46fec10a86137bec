'use strict';
// `hoalu serve` for a test: started on a free port, stopped at its end.

const { spawn } = require('node:child_process');
const { binary } = require('./hoalu.js');

// { url, child, stop() }; stop() gives the exit status. The ledger is not sealed by itself, which would move it while a test
// looks, unless the test is about that: { seal: true }. Nobody needs to sign in, unless that is what it is about: { signIn: true }.
function serve(t, store, args = [], env = {}, { seal = false, signIn = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, ['serve', '--store', store, '--listen', '127.0.0.1:0', ...(seal ? [] : ['--no-seal']), ...(signIn ? [] : ['--open']), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((done) => child.on('close', (status) => done(status)));
    t.after(() => child.kill('SIGKILL'));
    let said = '';
    child.on('error', reject);
    child.stdout.on('data', (d) => {
      said += d;
      const url = /https?:\/\/[^\s,]+/.exec(said);
      if (url)
        resolve({
          url: url[0],
          child,
          stop: () => {
            child.kill('SIGTERM');
            return ended;
          },
        });
    });
    ended.then((status) => reject(new Error(`the server ended with ${status}: ${said}`)));
  });
}

module.exports = { serve };
