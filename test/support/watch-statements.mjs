// Loaded into the real command (NODE_OPTIONS=--import): notes each statement of both sides, a line of JSON each, in the
// file WATCHED: { at (ms), side, text }. Messages to the target are the bytes of its protocol.
// @ts-check
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Socket } from "node:net";

const require = createRequire(createRequire(import.meta.url).resolve("@libsql/client/sqlite3"));
const Database = require("libsql");

/** @param {"source" | "target"} side @param {string} text */
function note(side, text) {
  appendFileSync(process.env["WATCHED"] ?? "/dev/null", `${JSON.stringify({ at: performance.now(), side, text })}\n`);
}

for (const method of ["prepare", "exec"]) {
  const original = Database.prototype[method];
  Database.prototype[method] = function (/** @type {string} */ text, /** @type {unknown[]} */ ...rest) {
    note("source", text);
    return original.call(this, text, ...rest);
  };
}

const write = Socket.prototype.write;
Socket.prototype.write = /** @type {any} */ (
  function (/** @type {any} */ bytes, /** @type {any[]} */ ...rest) {
    note("target", Buffer.from(bytes).toString("latin1"));
    // @ts-expect-error: the rest is what it was called with
    return write.call(this, bytes, ...rest);
  }
);
