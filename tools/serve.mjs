// Serves the repository's pages and dist/ on 127.0.0.1:  node tools/serve.mjs [PORT]. How it serves is web/serve.mjs's concern.

import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../web/serve.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const port = Number(process.argv[2] ?? 8000);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`serve: port ${JSON.stringify(process.argv[2])}: expected a number from 0 to 65535`);
  process.exit(1);
}
const server = await startServer({ port, roots: [root] });
console.log(`serving on ${server.url ?? `http://127.0.0.1:${port}/`} (Ctrl-C ends)`);
