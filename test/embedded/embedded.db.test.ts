import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { environmentFor, findBinaries, repairLinks } from "../../src/embedded/binaries.ts";
import { embeddedStatus, openEmbedded, stopEmbedded } from "../../src/embedded/embedded.ts";
import { InterruptedError } from "../../src/errors.ts";
import { temporaryDirectory } from "../support/source.ts";
import { query } from "../support/target.ts";

const BUILT = new URL("../../dist/embedded/embedded.js", import.meta.url).href;
const IS_ROOT = process.getuid?.() === 0;

/** Opens the server in a process of its own, says its URL, and releases it when told to. */
const USER = `
const { openEmbedded } = await import(process.argv[1]);
const embedded = await openEmbedded({ directory: process.argv[2] });
process.stdout.write(embedded.url + "\\n");
process.stdin.once("data", async () => {
  await embedded.release();
  process.exit(0);
});`;

interface User {
  readonly child: ChildProcess;
  url(): Promise<string>;
  release(): Promise<number | null>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

function user(at: string): User {
  // Detached: a process group of its own, as a shell gives to a command.
  const child = spawn(process.execPath, ["--input-type=module", "-e", USER, BUILT, at], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const gone = new Promise<number | null>((resolve) => child.once("close", resolve));
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim()));
    void gone.then(() => reject(new Error("the user ended without a URL")));
  });
  url.catch(() => {});
  return {
    child,
    url: () => url,
    release() {
      child.stdin.write("\n");
      return gone;
    },
    async kill(signal) {
      process.kill(-(child.pid ?? 0), signal);
      await gone;
    },
  };
}

function postmaster(at: string): number {
  return Number(readFileSync(join(at, "postmaster.pid"), "utf8").split("\n")[0]);
}

async function until(holds: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("it did not come to hold");
    await delay(50);
  }
}

const state = async (at: string) => (await embeddedStatus(at)).state;

describe("the embedded PostgreSQL", () => {
  let home: string;
  let directory: string;

  beforeAll(() => {
    // As root this one may not be entered by the user that PostgreSQL runs as.
    home = mkdtempSync(join(tmpdir(), "changeover-embedded-"));
    directory = join(home, "postgres");
  });

  afterEach(async () => {
    await stopEmbedded(directory);
  });

  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it("does not exist before it is opened", async () => {
    expect(await embeddedStatus(directory)).toEqual({ state: "absent", users: 0, keepRunning: false });
    expect(await stopEmbedded(directory)).toBe(false);
  });

  it("is created again after a kill during its creation", async () => {
    const killed = user(directory);
    await until(() => readdirSync(home).some((name) => existsSync(join(home, name, "data", "global"))));
    await killed.kill("SIGKILL");
    expect(existsSync(directory)).toBe(false);
    const embedded = await openEmbedded({ directory });
    expect(embedded.version).toMatch(/^\d+/);
    await embedded.release();
    expect(await state(directory)).toBe("stopped");
  });

  it("is one server for processes that open it at once, and stops with the last", async () => {
    const users = [user(directory), user(directory), user(directory)];
    const urls = new Set(await Promise.all(users.map((one) => one.url())));
    expect(urls.size).toBe(1);
    const [url = ""] = urls;
    expect(await embeddedStatus(directory)).toEqual({ state: "running", url, users: 3, keepRunning: false });
    const [first, ...others] = users;
    expect(await first?.release()).toBe(0);
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    await Promise.all(others.map((one) => one.release()));
    expect(await embeddedStatus(directory)).toEqual({ state: "stopped", users: 0, keepRunning: false });
  });

  it("keeps its URL, and counts how often one process opened it", async () => {
    const first = await openEmbedded({ directory });
    const [second, third] = await Promise.all([openEmbedded({ directory }), openEmbedded({ directory })]);
    expect([second.url, third.url]).toEqual([first.url, first.url]);
    await Promise.all([first.release(), first.release(), second.release()]);
    expect((await embeddedStatus(directory)).users).toBe(1);
    expect(await state(directory)).toBe("running");
    // One comes while the last one goes: it must not be given a server that is being stopped.
    const [again] = await Promise.all([openEmbedded({ directory }), third.release()]);
    expect(await query(again.url, "select 1 as one")).toEqual([{ one: 1 }]);
    await again.release();
    expect(await state(directory)).toBe("stopped");
    const later = await openEmbedded({ directory });
    expect(later.url).toBe(first.url);
    await later.release();
  });

  it("has an owner with all privileges that a migration needs, but no superuser", async () => {
    const embedded = await openEmbedded({ directory });
    const url = await embedded.database("another");
    expect(
      await Promise.all([embedded.database("another"), embedded.database("third"), embedded.database("third")]),
    ).toContain(url);
    for (const each of [embedded.url, url]) {
      const [row] = await query(
        each,
        "select current_user::text as me, rolsuper, rolcreaterole, rolcreatedb, pg_get_userbyid(datdba)::text " +
          "as owner, pg_encoding_to_char(encoding)::text as encoding, datcollate::text, " +
          "has_schema_privilege('public', 'create') as may_create, current_setting('fsync') as fsync, " +
          "current_setting('listen_addresses') as listen from pg_roles, pg_database " +
          "where rolname = current_user and datname = current_database()",
      );
      expect(row).toEqual({
        me: "changeover",
        rolsuper: false,
        rolcreaterole: false,
        rolcreatedb: false,
        owner: "changeover",
        encoding: "UTF8",
        datcollate: "C",
        may_create: true,
        fsync: "on",
        listen: "127.0.0.1",
      });
    }
    await query(url, "create extension if not exists pg_trgm").catch((error: unknown) =>
      expect(String(error)).toMatch(/not available/),
    );
    await expect(query(url, "select rolpassword from pg_authid")).rejects.toThrow(/permission denied/);
    await expect(query(url.replace(/:[^:@]+@/, ":wrong@"), "select 1")).rejects.toThrow();
    await embedded.release();
  });

  it("survives Ctrl-C and kill -9 of its users, and stops when none is alive", async () => {
    const interrupted = user(directory);
    const url = await interrupted.url();
    const server = postmaster(directory);
    await interrupted.kill("SIGINT");
    const killed = user(directory);
    expect(await killed.url()).toBe(url);
    expect(postmaster(directory)).toBe(server);
    await killed.kill("SIGKILL");
    expect((await embeddedStatus(directory)).users).toBe(0);
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    // As if one more had been killed in the middle of opening it.
    writeFileSync(`${directory}.lock`, `${killed.child.pid} 1\n`);
    await until(async () => (await state(directory)) === "stopped");
    await until(() => !existsSync(`${directory}.lock`));
  });

  it("restarts after a kill with its data, even while old backends still run", async () => {
    const before = await openEmbedded({ directory });
    await query(before.url, "create table kept as select generate_series(1, 1000) as n");
    const endless = query(before.url, "do $$ begin loop end loop; end $$").catch(() => {});
    await until(
      async () =>
        (await query(before.url, "select from pg_stat_activity where state = 'active' and query like 'do %'")).length >
        0,
    );
    process.kill(postmaster(directory), "SIGKILL");
    await until(async () => (await state(directory)) === "stopped");
    const after = await openEmbedded({ directory });
    expect(await query(after.url, "select count(*)::int from kept")).toEqual([{ count: 1000 }]);
    await endless;
    await Promise.all([before.release(), after.release()]);
    expect(await state(directory)).toBe("stopped");
  });

  it("ignores reused PIDs and an empty postmaster.pid", async () => {
    const first = await openEmbedded({ directory });
    const pid = join(directory, "postmaster.pid");
    const kill = async () => {
      const server = postmaster(directory);
      process.kill(server, "SIGKILL");
      await until(async () => (await state(directory)) === "stopped");
    };
    await kill();
    writeFileSync(pid, readFileSync(pid, "utf8").replace(/^\d+/, String(process.pid)));
    const second = await openEmbedded({ directory });
    await kill();
    writeFileSync(pid, "");
    // This process' number, but another start: a user and a holder of the lock from before a reboot.
    writeFileSync(join(`${directory}.users`, `${process.pid}-1-1`), "");
    writeFileSync(`${directory}.lock`, `${process.pid} 1\n`);
    const third = await openEmbedded({ directory });
    await Promise.all([first, second, third].map((one) => one.release()));
    expect(await state(directory)).toBe("stopped");
  });

  it("keeps running without users if asked to, until it is stopped", async () => {
    const embedded = await openEmbedded({ directory });
    await embedded.keepRunning(true);
    await embedded.release();
    await delay(500);
    expect(await embeddedStatus(directory)).toMatchObject({ state: "running", users: 0, keepRunning: true });
    const later = await openEmbedded({ directory });
    await later.keepRunning(false);
    await later.keepRunning(true);
    await later.release();
    expect(await stopEmbedded(directory)).toBe(true);
    expect(await embeddedStatus(directory)).toMatchObject({ state: "stopped", keepRunning: false });
  });

  it("uses another port if its own is in use", async () => {
    const first = await openEmbedded({ directory });
    await first.release();
    const port = Number(new URL(first.url).port);
    const other = createServer().listen(port, "127.0.0.1");
    onTestFinished(() => void other.close());
    const second = await openEmbedded({ directory });
    expect(second.url).not.toBe(first.url);
    expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
    await second.release();
  });

  it("never recreates a data directory that it cannot open", async () => {
    const facts = `${directory}.json`;
    renameSync(facts, `${facts}.away`);
    await expect(openEmbedded({ directory })).rejects.toMatchObject({ code: "EMBEDDED_DAMAGED" });
    writeFileSync(facts, "{");
    await expect(embeddedStatus(directory)).rejects.toMatchObject({ code: "EMBEDDED_DAMAGED" });
    writeFileSync(facts, JSON.stringify({ port: 0, superuserPassword: "wrong", ownerPassword: "wrong" }));
    await expect(openEmbedded({ directory })).rejects.toMatchObject({ code: "EMBEDDED_DAMAGED" });
    renameSync(`${facts}.away`, facts);
    const embedded = await openEmbedded({ directory });
    expect(await query(embedded.url, "select count(*)::int from kept")).toEqual([{ count: 1000 }]);
    await embedded.release();
  });

  it("stops waiting when aborted", async () => {
    const aborted = new AbortController();
    aborted.abort();
    await expect(openEmbedded({ directory, signal: aborted.signal })).rejects.toBeInstanceOf(InterruptedError);
    expect(await state(directory)).toBe("stopped");
    const fresh = join(temporaryDirectory(), "postgres");
    await expect(openEmbedded({ directory: fresh, signal: AbortSignal.timeout(400) })).rejects.toBeInstanceOf(
      InterruptedError,
    );
    expect(readdirSync(join(fresh, "..")).filter((name) => name.includes("unfinished"))).toEqual([]);
    expect(await state(fresh)).toBe("absent");
  });

  it.runIf(IS_ROOT)("runs as root where others may enter, too", async () => {
    const open = temporaryDirectory();
    chmodSync(open, 0o755);
    const embedded = await openEmbedded({ directory: join(open, "postgres") });
    expect(await query(embedded.url, "select 1 as one")).toEqual([{ one: 1 }]);
    await embedded.release();
    expect(await state(embedded.directory)).toBe("stopped");
  });
});

describe("the binaries of the embedded PostgreSQL", () => {
  it("are reported if they are not installed", () => {
    const resolve = (name: string): string => {
      throw new Error(`Cannot find module '${name}'`);
    };
    expect(() => findBinaries({ resolve, spare: "/nowhere" })).toThrow(
      expect.objectContaining({ code: "EMBEDDED_MISSING", hint: expect.stringContaining("--target") }),
    );
  });

  function brokenPackage(): { readonly root: string; readonly lib: string; readonly spare: string } {
    const root = temporaryDirectory();
    chmodSync(root, 0o755);
    const lib = join(root, "native", "lib");
    mkdirSync(lib, { recursive: true });
    writeFileSync(join(lib, "libpq.so.5.18"), "the library");
    const links = ["libpq.so", "libpq.so.5"].map((name) => ({
      source: "native/lib/libpq.so.5.18",
      target: `native/lib/${name}`,
    }));
    writeFileSync(join(root, "native", "pg-symlinks.json"), JSON.stringify(links));
    return { root, lib, spare: join(root, "spare") };
  }

  it("get missing links, and wrong ones are corrected", () => {
    const { root, lib, spare } = brokenPackage();
    symlinkSync("libpq.so.5.17", join(lib, "libpq.so"));
    expect(repairLinks(root, spare)).toBe(null);
    expect(repairLinks(root, spare)).toBe(null);
    expect(["libpq.so", "libpq.so.5"].map((name) => readlinkSync(join(lib, name)))).toEqual([
      "libpq.so.5.18",
      "libpq.so.5.18",
    ]);
    expect(readdirSync(lib).sort()).toEqual(["libpq.so", "libpq.so.5", "libpq.so.5.18"]);
    expect(existsSync(spare)).toBe(false);
  });

  it("get links elsewhere if the package is read-only, and run", () => {
    const real = findBinaries({ spare: join(temporaryDirectory(), "spare") });
    const { root, lib, spare } = brokenPackage();
    rmSync(lib, { recursive: true });
    cpSync(join(real.root, "native", "bin"), join(root, "native", "bin"), { recursive: true });
    cpSync(join(real.root, "native", "pg-symlinks.json"), join(root, "native", "pg-symlinks.json"));
    mkdirSync(lib);
    const libraries = readdirSync(join(real.root, "native", "lib"), { withFileTypes: true }).filter(
      (entry) => entry.isFile() && /\.so|\.dylib/.test(entry.name),
    );
    for (const { name } of libraries) symlinkSync(join(real.root, "native", "lib", name), join(lib, name));
    const before = readdirSync(lib);
    mkdirSync(spare);
    chmodSync(spare, 0o777);
    chmodSync(lib, 0o555);
    // Root may write anywhere, so it is someone else for a moment.
    if (IS_ROOT) process.seteuid?.(65_534);
    try {
      const links = repairLinks(root, spare);
      expect(repairLinks(root, spare)).toBe(links);
      expect(links).toBe(spare);
    } finally {
      if (IS_ROOT) process.seteuid?.(0);
      chmodSync(lib, 0o755);
    }
    expect(readdirSync(lib)).toEqual(before);
    const binaries = {
      root,
      initdb: join(root, "native", "bin", "initdb"),
      postgres: join(root, "native", "bin", "postgres"),
      libraries: spare,
    };
    expect(
      spawnSync(binaries.initdb, ["--version"], { env: environmentFor(binaries), encoding: "utf8" }),
    ).toMatchObject({ status: 0, stderr: "" });
  });
});
