import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { finished } from "../support/runtimes.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";

const BIN = fileURLToPath(new URL("../../bin/changeover.js", import.meta.url));

/** A network of its own, with a loopback device and no route; only root on Linux may have one. */
const canUnshare = process.platform === "linux" && spawnSync("unshare", ["-n", "true"]).status === 0;

it.skipIf(!canUnshare)(
  "moves a database where there is no network, and connects to this machine alone",
  { timeout: 180_000 },
  async () => {
    const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t(x) VALUES('a');");
    const cwd = temporaryDirectory();
    const log = join(cwd, "connections.log");
    // Each connection and each look-up of a name, by any process that Node starts here.
    const preload = join(cwd, "watch.cjs");
    writeFileSync(
      preload,
      `const { appendFileSync } = require("node:fs"); const net = require("node:net"); const dns = require("node:dns");
       const log = (text) => appendFileSync(${JSON.stringify(log)}, text + "\\n");
       const connect = net.Socket.prototype.connect;
       net.Socket.prototype.connect = function (...args) {
         const [first] = Array.isArray(args[0]) ? args[0] : args;
         log("connect " + (typeof first === "object" ? first.path ?? first.host : args[1]));
         return connect.apply(this, args);
       };
       for (const from of [dns, dns.promises]) { const { lookup } = from;
         from.lookup = (name, ...rest) => { log("lookup " + name); return lookup(name, ...rest); }; }`,
    );
    const env = { ...process.env, NODE_OPTIONS: `--require=${preload}` };
    const script = 'ip link set lo up; exec "$@"';
    const offline = (...args: readonly string[]) =>
      finished("unshare", ["-n", "sh", "-c", script, "sh", process.execPath, BIN, ...args], { cwd, env });
    const routes = await finished("unshare", ["-n", "sh", "-c", "ip link set lo up; ip route"]);
    expect(routes.stdout.trim()).toBe("");
    try {
      const full = await offline("full", "--embedded", "--source", path, "--yes", "--json");
      expect(full.code, full.output).toBe(0);
      expect(JSON.parse(full.stdout)).toMatchObject({ phase: "cut-over", verified: { rows: 1 } });
      expect(existsSync(log)).toBe(true);
      const lines = new Set(readFileSync(log, "utf8").trim().split("\n"));
      expect([...lines].filter((line) => !/^(connect|lookup) 127\.0\.0\.1$/.test(line))).toEqual([]);
      expect([...lines]).toContain("connect 127.0.0.1");
    } finally {
      await finished(process.execPath, [BIN, "postgres", "stop"], { cwd });
      rmSync(join(cwd, ".changeover"), { recursive: true, force: true });
    }
  },
);
