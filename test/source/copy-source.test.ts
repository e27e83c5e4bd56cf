import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createClient } from "@libsql/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { silent } from "../../src/log.ts";
import { copySource, refuseCopy } from "../../src/source/copy-source.ts";
import { openSource, type Source } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NUMBERS = (count: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;

function sourceOf(path: string): Source {
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  return source;
}

async function rowsOf(file: string, statement: string): Promise<unknown[][]> {
  const client = createClient({ url: `file:${file}`, intMode: "bigint" });
  const { rows } = await client.execute(statement);
  client.close();
  return rows.map((row) => Object.values(row));
}

/** A process of its own, since a copy keeps this one from doing anything else. */
function process(script: string) {
  const child = spawn(globalThis.process.execPath, ["--input-type=module", "-e", script], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return { child, ended, said: new Promise<void>((resolve) => child.stdout.once("data", () => resolve())) };
}

const unfinished = (directory: string) => readdirSync(directory).filter((name) => name.includes(".unfinished"));

describe("a backup of the source", () => {
  it("is one snapshot, taken while the application writes without failing", async () => {
    const { path, application } = await sqliteFile(
      `CREATE TABLE a(id INTEGER PRIMARY KEY, n INTEGER); CREATE TABLE filler(x); ${NUMBERS(100)} ` +
        `INSERT INTO a SELECT i, 100 FROM n; ${NUMBERS(60_000)} INSERT INTO filler SELECT randomblob(200) FROM n`,
    );
    application.close();
    const writer = process(`
      import { createClient } from "@libsql/client";
      const client = createClient({ url: ${JSON.stringify(`file:${path}`)}, timeout: 5000, concurrency: 1 });
      for (let step = 0; ; step++) {
        await client.executeMultiple("BEGIN IMMEDIATE; UPDATE a SET n = n - 1 WHERE id = " + (1 + step % 100) +
          "; UPDATE a SET n = n + 1 WHERE id = " + (1 + (step * 7 + 3) % 100) +
          "; INSERT INTO filler VALUES(1); COMMIT");
        if (step === 20) console.log("writing");
      }`);
    await writer.said;
    const file = join(dirname(path), "before.db");
    const { bytes } = await copySource(sourceOf(path), file, silent);
    expect(bytes).toBe(statSync(file).size);
    expect(await rowsOf(file, "SELECT sum(n) FROM a")).toEqual([["10000"].map(BigInt)]);
    const [copied] = await rowsOf(file, "SELECT count(*) FROM filler");
    await delay(20);
    const [now] = await rowsOf(path, "SELECT count(*) FROM filler");
    expect(Number(copied?.[0])).toBeGreaterThan(60_020);
    expect(Number(now?.[0])).toBeGreaterThan(Number(copied?.[0]));
    expect(writer.child.exitCode).toBeNull();
    expect(unfinished(dirname(path))).toEqual([]);
  });

  it("has the source's permissions, journal mode, header numbers and rowids", async () => {
    const { path, application } = await sqliteFile(
      "PRAGMA user_version = 7; PRAGMA application_id = 9; CREATE TABLE t(x); INSERT INTO t(rowid, x) " +
        "VALUES (5, 'five'); CREATE VIRTUAL TABLE f USING fts5(y); INSERT INTO f VALUES ('word')",
    );
    application.close();
    chmodSync(path, 0o640);
    const file = join(dirname(path), "before.db");
    await copySource(sourceOf(path), file, silent);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(await rowsOf(file, "PRAGMA journal_mode")).toEqual([["wal"]]);
    expect(
      await rowsOf(file, "SELECT user_version, application_id FROM pragma_user_version, pragma_application_id"),
    ).toEqual([[7n, 9n]]);
    expect(await rowsOf(file, "SELECT t.rowid, x, y FROM t, f WHERE f MATCH 'word'")).toEqual([[5n, "five", "word"]]);
    expect(await rowsOf(file, "PRAGMA integrity_check")).toEqual([["ok"]]);
  });

  it("waits for others' locks, and warns if the application will have to wait", async () => {
    const { path, application } = await sqliteFile("CREATE TABLE t(x)", { journalMode: "delete" });
    const lock = await application.transaction("write");
    await lock.executeMultiple("COMMIT; BEGIN EXCLUSIVE; INSERT INTO t VALUES(1)");
    const holder = delay(400).then(() => lock.commit());
    const warnings: string[] = [];
    const file = join(dirname(path), "before.db");
    await copySource(sourceOf(path), file, (event) => void (event.kind === "warning" && warnings.push(event.message)));
    await holder;
    expect(warnings).toEqual([expect.stringMatching(/journal mode is delete: the application's commits wait/)]);
    expect(await rowsOf(file, "SELECT x FROM t")).toEqual([[1n]]);
    expect(readFileSync(file).subarray(18, 20)).toEqual(Buffer.of(1, 1));
  });

  it("is refused, and nothing is written, over a file, without a directory or space, or for a server", async () => {
    const { path, application } = await sqliteFile("CREATE TABLE t(x)");
    application.close();
    const source = sourceOf(path);
    const before = readdirSync(dirname(path)).filter((name) => !/-(wal|shm)$/.test(name));
    writeFileSync(join(dirname(path), "there"), "mine");
    await expect(copySource(source, join(dirname(path), "there"), silent)).rejects.toMatchObject({
      code: "BACKUP_EXISTS",
    });
    await expect(copySource(source, join(dirname(path), "no", "where"), silent)).rejects.toMatchObject({
      code: "BACKUP_DIRECTORY",
    });
    await expect(
      refuseCopy({ ...source, kind: "remote", path: null, location: "libsql://db" } as Source, "x"),
    ).rejects.toMatchObject({ code: "BACKUP_REMOTE", hint: expect.stringMatching(/at the server/) as string });
    const huge = {
      ...source,
      path,
      read: (work: (tx: unknown) => unknown) =>
        work({ rows: async (pragma: string) => [[pragma.includes("freelist") ? 0n : 1n << 40n]] }),
    } as unknown as Source;
    await expect(copySource(huge, join(dirname(path), "huge"), silent)).rejects.toMatchObject({
      code: "BACKUP_NO_SPACE",
      message: expect.stringMatching(/MB free/) as string,
    });
    expect(readdirSync(dirname(path)).filter((name) => !/-(wal|shm)$/.test(name))).toEqual([...before, "there"].sort());
    expect(readFileSync(join(dirname(path), "there"), "utf8")).toBe("mine");
  });

  it("of a damaged source is refused, and no file is left", async () => {
    const { path, application } = await sqliteFile(
      `CREATE TABLE t(x); ${NUMBERS(2_000)} INSERT INTO t SELECT randomblob(100) FROM n`,
      { journalMode: "delete" },
    );
    application.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 3 * 4_096, 8 * 4_096);
    writeFileSync(path, bytes);
    const names = readdirSync(dirname(path));
    await expect(copySource(sourceOf(path), join(dirname(path), "before.db"), silent)).rejects.toMatchObject({
      code: "BACKUP_FAILED",
      message: expect.stringMatching(/nothing else was changed/) as string,
    });
    expect(readdirSync(dirname(path))).toEqual(names);
  });

  it("on a full disk leaves no file, and the source stays usable", async () => {
    const { path, application } = await sqliteFile(
      `CREATE TABLE t(x); ${NUMBERS(3_000)} INSERT INTO t SELECT randomblob(300) FROM n`,
    );
    application.close();
    const names = readdirSync(dirname(path)).filter((name) => !/-(wal|shm)$/.test(name));
    const script =
      `import { copySource } from "./dist/source/copy-source.js"; import { openSource } ` +
      `from "./dist/source/source.js"; const source = openSource({ url: ${JSON.stringify(path)} }); try { await ` +
      `copySource(source, ${JSON.stringify(`${path}.backup`)}, () => {}); } catch (error) { ` +
      `console.log(error.code, await source.read((tx) => tx.rows("SELECT count(*) FROM t"))); }`;
    const { stdout } = spawnSync(
      "sh",
      [
        "-c",
        "trap '' XFSZ; ulimit -f 200; exec \"$@\"",
        "sh",
        globalThis.process.execPath,
        "--input-type=module",
        "-e",
        script,
      ],
      { cwd: ROOT, encoding: "utf8" },
    );
    expect(stdout).toBe("BACKUP_FAILED [ [ 3000n ] ]\n");
    expect(readdirSync(dirname(path)).filter((name) => !/-(wal|shm)$/.test(name))).toEqual(names);
  });

  it("that is killed leaves nothing that looks like a backup; the next names the rest and is complete", async () => {
    const { path, application } = await sqliteFile(
      `CREATE TABLE t(x); ${NUMBERS(150_000)} INSERT INTO t SELECT randomblob(300) FROM n`,
    );
    application.close();
    const directory = dirname(path);
    const file = join(directory, "before.db");
    const copying = process(`
      import { copySource } from "./dist/source/copy-source.js";
      import { openSource } from "./dist/source/source.js";
      console.log("begins");
      await copySource(openSource({ url: ${JSON.stringify(path)} }), ${JSON.stringify(file)}, () => {});`);
    await new Promise<void>((resolve) => {
      const watcher = watch(directory, (_, name) => {
        if (
          name?.endsWith(".unfinished") !== true ||
          (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0) < 1 << 20
        )
          return;
        watcher.close();
        resolve();
      });
    });
    copying.child.kill("SIGKILL");
    await copying.ended;
    expect(existsSync(file)).toBe(false);
    const [left] = unfinished(directory);
    expect(left).toMatch(/^before\.db\.[0-9a-f]{8}\.unfinished$/);
    const warnings: string[] = [];
    await copySource(sourceOf(path), file, (event) => void (event.kind === "warning" && warnings.push(event.message)));
    expect(warnings).toEqual([expect.stringContaining(`${left} was left by an interrupted backup: remove it`)]);
    expect(await rowsOf(file, "SELECT count(*) FROM t")).toEqual([[150_000n]]);
  });
});
