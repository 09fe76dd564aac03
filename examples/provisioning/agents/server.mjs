// The process of a server of the provider `local`: an HTTP endpoint that tells how the server is and what runs on it.
//
//   node server.mjs start DIR NAME INFRA   leaves one behind, prints its record and ends
//   node server.mjs serve DIR NAME INFRA   is one
//
// It records itself in DIR/process.json before it is told to be there, so that it can be found and ended whatever happens
// to who started it.
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START_LIMIT_MS = 10_000;

const [action, directory, name, infra] = process.argv.slice(2);
if (!['start', 'serve'].includes(action) || infra === undefined) {
  console.error('Expected: server.mjs start|serve DIR NAME INFRA');
  process.exit(2);
}
const recordFile = join(directory, 'process.json');
if (action === 'start') start();
else serve();

function start() {
  mkdirSync(directory, { recursive: true });
  const log = openSync(join(directory, 'agent.log'), 'a');
  // A session of its own (setsid): it stays when the group of its starter is ended.
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve', directory, name, infra], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  const fail = (reason) => {
    child.kill('SIGKILL');
    console.error(reason);
    process.exit(1);
  };
  const limit = setTimeout(() => fail(`it was not ready after ${START_LIMIT_MS} ms`), START_LIMIT_MS);
  child.once('exit', (code, signal) => fail(`it ended with ${signal ?? `exit code ${code}`}`));
  child.once('message', () => {
    clearTimeout(limit);
    child.removeAllListeners('exit');
    child.disconnect();
    child.unref();
    process.stdout.write(readFileSync(recordFile));
  });
}

function serve() {
  const server = createServer(answer);
  let isReady = false;
  // Nobody waits for it any more: a start that was given up leaves nothing behind.
  process.once('disconnect', () => isReady || process.exit(1));
  process.once('SIGTERM', () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
  server.listen(0, '127.0.0.1', () => {
    const record = { pid: process.pid, port: server.address().port, identity: identity() };
    writeFileSync(`${recordFile}.new`, `${JSON.stringify(record)}\n`);
    renameSync(`${recordFile}.new`, recordFile);
    isReady = true;
    process.send?.('ready');
  });
}

function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const [, kind, service] = /^\/(health|services)(?:\/([a-z0-9-]+))?$/.exec(pathname) ?? [];
  if (kind === 'health' && service === undefined) {
    return reply(response, 200, { name, infra, status: 'ok', services: services() });
  }
  if (kind === 'services' && service !== undefined && services().includes(service)) {
    return reply(
      response,
      200,
      JSON.parse(readFileSync(join(directory, 'services', `${service}.json`), 'utf8')),
    );
  }
  reply(response, 404, { error: `${name} has nothing at ${pathname}` });
}

function reply(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** What is installed now: an installation needs no restart. */
function services() {
  const folder = join(directory, 'services');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.map((file) => basename(file, '.json')).sort();
}

/** The same as core/nulib/lib/process.nu: what tells this process from a later one with its pid. */
function identity() {
  if (existsSync('/proc/self/stat')) {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  }
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(process.pid)], { encoding: 'utf8' }).trim();
}
