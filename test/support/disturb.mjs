// Loaded into the real command (NODE_OPTIONS=--import): disturbs it at a statement, found by its text.
// DISTURB: JSON [{ side, text, how, same }], met in this order. `side`: source or target; `text`: a regular expression;
// `same`: only on the connection on which the last one was met. `always`: whenever it comes, besides the order; it only
// lingers at the source.
// `how`: pass (only wait for it), fail (the source's statement throws), kill (SIGKILL before it), kill-after.
// Of the connection: cut (it dies before the statement), cut-after (the statement arrives, its answer does not), refuse
// (from here on nothing connects to the target any more). Of time: slow (4.5 s), linger (longer than a slice of work).
// @ts-check
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Socket } from "node:net";

const require = createRequire(createRequire(import.meta.url).resolve("@libsql/client/sqlite3"));
const Database = require("libsql");

/** @typedef {{ side: string, text: string, how: string, times?: number, same?: boolean, always?: boolean }} Planned */

/** @type {Planned[]} */
const planned = JSON.parse(process.env["DISTURB"] ?? "[]");
const always = planned.filter((each) => each.always === true);
const plan = planned.filter((each) => each.always !== true);
let refusing = false;
/** Of the target, on which the last one was met. @type {unknown} */
let connection = null;

/** What is to happen at this statement. @param {string} side @param {string} text @param {unknown} [on] */
function due(side, text, on = null) {
  for (let rest = text; ; ) {
    const next = plan[0];
    const found = next?.side === side ? new RegExp(next.text, "i").exec(rest) : null;
    if (next === undefined || found === null || (next.same === true && on !== connection)) return "pass";
    if (side === "target") connection = on;
    next.times = (next.times ?? 1) - 1;
    if (next.times === 0) plan.shift();
    // The last one has come to pass: a test that disturbs nothing proves nothing.
    if (plan.length === 0 || (plan.length === 1 && plan[0] === next))
      writeFileSync(process.env["DISTURBED"] ?? "/dev/null", next.how);
    // Statements that are sent together are one text: what comes next in the plan may stand behind this one.
    if (next.how !== "pass" || side === "source") return next.how;
    rest = rest.slice(found.index + found[0].length);
  }
}

const LINGER_MS = 50;
const pause = (/** @type {number} */ ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const die = () => process.kill(process.pid, "SIGKILL");

for (const method of ["prepare", "exec"]) {
  const original = Database.prototype[method];
  Database.prototype[method] = function (/** @type {string} */ text, /** @type {unknown[]} */ ...rest) {
    const how = due("source", text);
    if (always.some((each) => new RegExp(each.text, "i").test(text))) pause(LINGER_MS);
    if (how === "fail") throw Object.assign(new Database.SqliteError("disk I/O error", "SQLITE_IOERR", 10));
    if (how === "kill") die();
    if (how === "slow") pause(4_500);
    if (how === "linger") pause(LINGER_MS);
    return original.call(this, text, ...rest);
  };
}

const write = Socket.prototype.write;
Socket.prototype.write = /** @type {any} */ (
  function (/** @type {any} */ bytes, /** @type {any[]} */ ...rest) {
    const how = due("target", Buffer.from(bytes).toString("latin1"), this);
    if (how === "kill") die();
    if (how === "slow") pause(4_500);
    if (how === "refuse") refusing = true;
    // @ts-expect-error: the rest is what it was called with
    const result = how === "cut" || how === "refuse" ? true : write.call(this, bytes, ...rest);
    if (how === "cut" || how === "cut-after" || how === "refuse") {
      if (how === "cut-after") this.pause();
      setTimeout(() => this.destroy(), how === "cut-after" ? 100 : 0);
    }
    if (how === "kill-after") {
      pause(100);
      die();
    }
    return result;
  }
);

const connect = Socket.prototype.connect;
Socket.prototype.connect = /** @type {any} */ (
  function (/** @type {any[]} */ ...args) {
    if (!refusing) return Reflect.apply(connect, this, args);
    process.nextTick(() => this.destroy(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })));
    return this;
  }
);
