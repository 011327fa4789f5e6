// Serves web/ (at the top), dist/ and demo/ on 127.0.0.1:  node tools/serve.mjs [PORT]. How it serves is web/serve.mjs's concern.

import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../web/serve.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const port = Number(process.argv[2] ?? 8000);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`serve: port ${JSON.stringify(process.argv[2])}: expected a number from 0 to 65535`);
  process.exit(1);
}
const roots = {
  '/': resolve(root, 'web'),
  '/web/': resolve(root, 'web'),
  '/dist/': resolve(root, 'dist'),
  '/demo/': resolve(root, 'demo'),
};
const server = await startServer({ port, roots });
console.log(`${server.url} (and ${new URL('demo/page/', server.url).href}); Ctrl-C ends`);
