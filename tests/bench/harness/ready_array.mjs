// SPDX-License-Identifier: MIT
//
// node ready_array.mjs FILE: serves the JSON array of FILE, made text again for each request, as a
// small service would. Says its port on the first line.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const array = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const server = createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(array));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
