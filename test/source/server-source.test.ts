import { describe, expect, it, onTestFinished } from "vitest";
import { COMMIT_TABLE } from "../../src/model/change-log.ts";
import { openSource, type Source, type SourceOptions } from "../../src/source/source.ts";
import type { Fault, HranaServerOptions } from "../support/hrana/hrana-server.ts";
import { hranaServer } from "../support/hrana/start-hrana.ts";

const TABLE = `CREATE TABLE t(id INTEGER PRIMARY KEY, x); CREATE TABLE ${COMMIT_TABLE}(mark TEXT);
  INSERT INTO ${COMMIT_TABLE} VALUES('')`;

async function started(
  options: Omit<HranaServerOptions, "file"> = {},
  ofSource: Partial<SourceOptions> = {},
  statements = TABLE,
) {
  const { application, server } = await hranaServer(statements, options);
  const source = openSource({
    url: server.url,
    ...(options.token === undefined ? {} : { authToken: options.token }),
    ...ofSource,
  });
  onTestFinished(() => source.close());
  return { application, server, source };
}

/** A request that does more than to end a stream, which nobody waits for. */
const asks = (text: string) => /"type":"(execute|batch|sequence)"/.test(text);

/** Faults for the next requests that match. */
function next(faults: Fault[], matches: (text: string) => boolean = asks) {
  return (seen: object) => (matches(JSON.stringify(seen)) ? (faults.shift() ?? null) : null);
}

const insert = (source: Source, x: string) => source.write((tx) => tx.run("INSERT INTO t(x) VALUES(?)", [x]));
const count = async (source: Source) => Number((await source.read((tx) => tx.rows("SELECT count(*) FROM t")))[0]?.[0]);
const isCommit = (text: string) => text.includes('"COMMIT"') && !text.includes('"PRAGMA foreign_keys');
const status = (code: number, more: Partial<Fault> = {}) => ({ kind: "status", status: code, ...more }) as Fault;

describe("a libSQL server as source", () => {
  it("reads in one request, and writes in two", async () => {
    const { server, source } = await started();
    const before = server.requests;
    const [one, two] = await source.read((tx) => Promise.all([tx.rows("SELECT 1"), tx.rows("SELECT ?, 'b'", [2n])]));
    expect([one, two]).toEqual([[[1n]], [[2n, "b"]]]);
    expect(server.requests - before).toBe(1);
    await insert(source, "a");
    // The end of the read, too, for which nobody waits.
    expect(server.requests - before).toBeLessThanOrEqual(4);
    await expect.poll(() => server.openStreams).toBe(0);
  });

  it("reads one snapshot beside a writer", async () => {
    const { application, source } = await started();
    const seen = await source.read(async (tx) => {
      const [first] = await tx.rows("SELECT count(*) FROM t");
      await application.execute("INSERT INTO t(x) VALUES('beside')");
      return [first?.[0], (await tx.rows("SELECT count(*) FROM t"))[0]?.[0]];
    });
    expect(seen).toEqual([0n, 0n]);
    expect(await count(source)).toBe(1);
  });

  it("writes rows without foreign keys where it is told to", async () => {
    const { source } = await started(
      {},
      {},
      "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p REFERENCES p(id))",
    );
    await expect(source.write((tx) => tx.run("INSERT INTO c VALUES(1)"))).rejects.toMatchObject({
      code: "SOURCE_FAILED",
    });
    await source.write((tx) => tx.run("INSERT INTO c VALUES(1)"), { foreignKeys: "off" });
    expect(await source.read((tx) => tx.rows("SELECT p FROM c"))).toEqual([[1n]]);
  });

  it("sends again what a limit or a gateway turned away, as late as it was asked to", async () => {
    const { server, source } = await started();
    server.fault = next([status(429, { retryAfter: 1 }), status(503), status(502)]);
    const began = performance.now();
    await insert(source, "a");
    expect(performance.now() - began).toBeGreaterThan(1_000);
    expect(await count(source)).toBe(1);
  });

  it("ends with a clear word where the limit, the silence or the outage does not", async () => {
    const { server, source } = await started({}, { outageMs: 300, answerMs: 100 } as Partial<SourceOptions>);
    server.fault = () => status(429);
    await expect(count(source)).rejects.toMatchObject({ code: "SOURCE_RATE_LIMITED" });
    server.fault = () => status(500);
    await expect(count(source)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
    server.fault = () => ({ kind: "hang" });
    const began = performance.now();
    await expect(count(source)).rejects.toMatchObject({
      code: "SOURCE_UNREACHABLE",
      message: expect.stringMatching(/timeout/) as string,
    });
    expect(performance.now() - began).toBeLessThan(5_000);
    server.fault = () => null;
    expect(await count(source)).toBe(0);
  });

  it("does its work again after its stream expired", async () => {
    const { server, source } = await started();
    let runs = 0;
    await source.write(async (tx) => {
      await tx.run("INSERT INTO t(x) VALUES('a')");
      if (runs++ === 0) server.expireStreams();
      await tx.run("INSERT INTO t(x) VALUES('b')");
    });
    expect([runs, await count(source)]).toEqual([2, 2]);
  });

  it("does its work again after the server gave its lock to another", async () => {
    const { application, source } = await started({ transactionTimeoutMs: 200 });
    let runs = 0;
    await source.write(async (tx) => {
      await tx.run("INSERT INTO t(x) VALUES('a')");
      if (runs++ === 0) await application.execute("INSERT INTO t(x) VALUES('other')");
      await tx.run("INSERT INTO t(x) VALUES('b')");
    });
    expect([runs, await count(source)]).toEqual([2, 3]);
  });

  it("commits once where the answer to a COMMIT was lost, and once where the COMMIT was", async () => {
    const { server, source } = await started();
    server.fault = next([{ kind: "lost" }], isCommit);
    await insert(source, "a");
    expect(await count(source)).toBe(1);
    // Not done, and the stream is gone as well.
    server.fault = (seen) => {
      if (!isCommit(JSON.stringify(seen))) return null;
      server.fault = () => null;
      server.expireStreams();
      return status(500);
    };
    await insert(source, "b");
    expect(await count(source)).toBe(2);
  });

  it("says that a commit is uncertain where the source has no place for marks", async () => {
    const { server, source } = await started({}, {}, "CREATE TABLE t(x)");
    server.fault = next([{ kind: "lost" }], isCommit);
    await expect(insert(source, "a")).rejects.toMatchObject({
      code: "SOURCE_UNREACHABLE",
      message: expect.stringMatching(/open whether/) as string,
    });
  });

  it("says that a token has expired, and when", async () => {
    const claims = Buffer.from(JSON.stringify({ exp: 1_700_000_000 })).toString("base64url");
    const { server, source } = await started({ token: `e.${claims}.s` });
    expect(await count(source)).toBe(0);
    server.tokensExpired = true;
    await expect(count(source)).rejects.toMatchObject({
      code: "SOURCE_LOGIN",
      message: expect.stringMatching(/has expired on 2023-11-14 22:13 UTC/) as string,
      hint: expect.stringMatching(/turso db tokens create/) as string,
    });
    const other = openSource({ url: server.url, authToken: "wrong" });
    onTestFinished(() => other.close());
    server.tokensExpired = false;
    await expect(count(other)).rejects.toMatchObject({
      code: "SOURCE_LOGIN",
      message: expect.stringMatching(/The JWT is invalid/) as string,
    });
  });

  it("speaks of a server, and of no file, in what fails", async () => {
    const { server, source } = await started();
    const failure = async (work: Promise<unknown>) =>
      (await work.catch((error: Error) => error)) as Error & { hint: string };
    const errors = [
      await failure(source.read((tx) => tx.rows("SELECT * FROM nowhere"))),
      await failure(source.write((tx) => tx.run("PRAGMA writable_schema = ON"))),
    ];
    server.fault = next([status(403, { body: "blocked" }), { ...status(404) }]);
    errors.push(await failure(count(source)), await failure(count(source)));
    for (const { hint, message } of errors) {
      expect(message).toContain(server.url);
      expect(`${message} ${hint}`).not.toMatch(/integrity_check|sqlite3 FILE|-wal/);
    }
    expect(errors[0]?.message).toMatch(/refused a statement/);
  });

  it("stops between two attempts when it is told to", async () => {
    const stop = new AbortController();
    const { server, source } = await started({}, { signal: stop.signal });
    server.fault = () => status(500);
    setTimeout(() => stop.abort(), 100);
    await expect(count(source)).rejects.toMatchObject({ code: "INTERRUPTED" });
  });
});
