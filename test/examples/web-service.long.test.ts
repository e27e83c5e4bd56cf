import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createClient } from "@libsql/client";
import { expect, it, onTestFinished } from "vitest";
import { runCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SERVICE = fileURLToPath(new URL("../../dist/examples/web-service/main.js", import.meta.url));

it("switches under load, and back again, without a request that fails or forgets", { timeout: 120_000 }, async () => {
  const cwd = temporaryDirectory();
  const path = join(cwd, "notes.db");
  const target = await emptyDatabase();
  const env = { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: target };
  const address = await startService(path, target);
  const load = startLoad(address, 4);

  expect(await runCli(["full", "--yes", "--quiet"], { cwd, env })).toMatchObject({ code: 0 });
  await delay(300);
  expect(await placeOf(address)).toBe("postgres");
  const inPostgres = load.count();
  expect((await runCli(["rollback", "--yes", "--quiet"], { cwd, env })).code).toBe(0);
  await delay(300);
  expect(await placeOf(address)).toBe("sqlite");
  expect(load.count()).toBeGreaterThan(inPostgres);

  const { notes, slowestMs } = await load.stop();
  const client = createClient({ url: `file:${path}` });
  onTestFinished(() => client.close());
  const { rows } = await client.execute("SELECT id, text FROM notes");
  const stored = new Map(rows.map(({ id, text }) => [Number(id), String(text)]));
  expect([...notes].filter(([id, text]) => stored.get(id) !== text)).toEqual([]);
  expect(stored.size).toBe(notes.size);
  // The fence of either side stands for at most two seconds by default.
  expect(slowestMs).toBeLessThan(2_500);
  const [there] = await query<{ n: string }>(target, "select count(*)::text as n from notes");
  expect(Number(there?.n)).toBeGreaterThan(0);
});

async function startService(path: string, target: string): Promise<string> {
  const service = spawn(process.execPath, [SERVICE, path, target], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void service.kill("SIGKILL"));
  const [line] = (await once(service.stdout, "data")) as [Buffer];
  return line.toString("utf8").trim();
}

async function placeOf(address: string): Promise<string> {
  return ((await (await fetch(address)).json()) as { place: string }).place;
}

interface Load {
  readonly count: () => number;
  /** What the service has acknowledged: text by id. */
  readonly stop: () => Promise<{ readonly notes: ReadonlyMap<number, string>; readonly slowestMs: number }>;
}

/**
 * Clients that add, edit and read; each throws on an answer that is not a success, and on one that forgot an earlier
 * one.
 */
function startLoad(address: string, clients: number): Load {
  const notes = new Map<number, string>();
  let [stopped, slowestMs, n] = [false, 0, 0];
  const ask = async (
    path: string,
    init: RequestInit = {},
  ): Promise<{ id: number; text: string; createdAt: string }> => {
    const started = performance.now();
    const response = await fetch(`${address}${path}`, init);
    const body = (await response.json()) as { id: number; text: string; createdAt: string };
    slowestMs = Math.max(slowestMs, performance.now() - started);
    if (!response.ok) throw new Error(`${init.method ?? "GET"} ${path}: ${response.status} ${JSON.stringify(body)}`);
    return body;
  };
  const client = async () => {
    while (!stopped) {
      const added = await ask("/notes", { method: "POST", body: `note ${n++}` });
      if (notes.has(added.id)) throw new Error(`id ${added.id} was given out twice`);
      notes.set(added.id, added.text);
      const edited = await ask(`/notes/${added.id}`, { method: "PUT", body: `${added.text}, edited` });
      notes.set(added.id, edited.text);
      const read = await ask(`/notes/${added.id}`);
      if (read.text !== edited.text || read.createdAt !== added.createdAt)
        throw new Error(`note ${added.id} was ${JSON.stringify(edited)} and reads ${JSON.stringify(read)}`);
      await delay(2);
    }
  };
  const running = Promise.all(Array.from({ length: clients }, client));
  running.catch(() => {});
  onTestFinished(() => {
    stopped = true;
  });
  return {
    count: () => notes.size,
    async stop() {
      stopped = true;
      await running;
      return { notes, slowestMs };
    },
  };
}
