import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createClient } from "@libsql/client";
import { delayProxy } from "/work/wt/door/test/support/delay-proxy.ts";
import { ownServer } from "/work/wt/door/test/support/own-server.ts";

const rows = Number(process.argv[2] ?? 60000);
const s = await ownServer();
await s.run("create role app login password 'secret'");
await s.reload([]);
try {
  for (const ms of (process.argv[3] ?? "0,20,50,100").split(",").map(Number)) {
    const name = `shop${ms}`;
    await s.run(`create database ${name} owner app`);
    const proxy = await delayProxy(s.port, ms);
    const cwd = mkdtempSync("/tmp/lat-");
    const c = createClient({ url: `file:${cwd}/app.db` });
    await c.executeMultiple(
      `PRAGMA journal_mode=wal; CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b TEXT, c REAL); CREATE TABLE u(id INTEGER PRIMARY KEY, x TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<${rows}) INSERT INTO t SELECT i, 'text of row '||i||hex(randomblob(60)), hex(randomblob(40)), i*0.5 FROM n; INSERT INTO u VALUES(1,'x')`,
    );
    let url = `postgres://app:secret@127.0.0.1:${proxy.port}/${name}?sslmode=disable`;
    const run = (args: string[]) => {
      console.error(Math.round(performance.now()), args.join(" "));
      const child = spawn(
        "node",
        ["/work/wt/door/bin/changeover.js", ...args, "--source", `${cwd}/app.db`, "--target", url, "--json", "--yes"],
        { cwd, stdio: ["ignore", "pipe", "pipe"] },
      );
      let out = "";
      let err = "";
      child.stdout.on("data", (d) => (out += d));
      child.stderr.on("data", (d) => (err += d));
      const end = new Promise<any>((r) =>
        child.on("close", (code) => {
          let j: any = {};
          try {
            j = JSON.parse(out.trim().split("\n").at(-1)!);
          } catch {}
          r({ code, j, err, out });
        }),
      );
      return { child, end, out: () => out, errOut: () => err.slice(-800) };
    };
    const timed = async (args: string[]) => {
      const t = performance.now();
      const r = await run(args).end;
      if (r.code !== 0) console.log(args, r.err, r.out.slice(-300));
      return [Math.round(performance.now() - t), r.j] as const;
    };
    await timed(["schema", "--write"]);
    const [up] = await timed(["up"]);
    const [data] = await timed(["data", "--no-verify"]).catch(() => [0]);
    await s.run(`create database ${name}s owner app`);
    url = url.replace(`/${name}?`, `/${name}s?`);
    await timed(["up"]);
    const sync = run(["sync"]);
    await new Promise((r) => setTimeout(r, 6000 + 60 * ms));
    await new Promise((r) => setTimeout(r, 1500));
    // replay visible: write, poll directly at the server
    const postgres = (await import("postgres")).default;
    const direct = postgres({
      host: "127.0.0.1",
      port: s.port,
      user: "app",
      password: "secret",
      database: `${name}s`,
      ssl: false,
      max: 1,
    });
    console.error("lags", sync.out().slice(-600), (sync as any).child.exitCode, (sync as any).errOut?.());
    const lags: number[] = [];
    for (let i = 0; i < 12; i++) {
      await new Promise((r) => setTimeout(r, 300 + Math.random() * 300));
      const t = performance.now();
      await c.execute({ sql: "UPDATE u SET x = ? WHERE id = 1", args: [`v${i}`] });
      while ((await direct`select x from u`)[0]?.x !== `v${i}`) await new Promise((r) => setTimeout(r, 3));
      lags.push(performance.now() - t);
    }
    lags.sort((a, b) => a - b);
    const [cut, j] = await timed(["cutover"]);
    sync.child.kill("SIGTERM");
    await sync.end;
    console.error("lags done");
    console.log(
      JSON.stringify({
        ms,
        up,
        data,
        lag: { median: Math.round(lags[6]!), max: Math.round(lags[11]!) },
        downtime: j.downtime_ms,
        timeline: j.timeline?.map((x: any) => `${x.step} ${x.duration_ms}`),
        cut,
      }),
    );
    await direct.end();
    proxy.close();
    c.close();
    rmSync(cwd, { recursive: true });
  }
} finally {
  await s.stop();
}
