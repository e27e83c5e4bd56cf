import { createClient } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { onCutover } from "../../src/index.ts";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

describe("the application learns of the cutover", () => {
  it("by a refusal that code can match, by `wait`, and by onCutover", async () => {
    const { path, application } = await sqliteFile(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t(v) VALUES ('a')",
    );
    const target = await emptyDatabase();
    const ends = ["--source", path, "--target", target];
    const cwd = temporaryDirectory();
    expect((await runCli(["wait", "--timeout", "0.3s", ...ends, "--json"], { cwd })).code).toBe(1);
    const waiting = startCli(["wait", "--for", "cut-over", ...ends, "--json"], { cwd });
    const told = new Promise<string>((resolve) => void onCutover(path, ({ target: where }) => resolve(where)));
    expect((await runCli(["full", ...ends], { cwd })).code).toBe(0);
    expect(await waiting.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"phase":"cut-over"') });
    const { host, pathname } = new URL(target);
    expect(await told).toContain(`${host}${pathname}`);
    await expect(application.execute("UPDATE t SET v = 'b'")).rejects.toThrow(
      new RegExp(`CHANGEOVER_FENCED state=cut-over target=${host}${pathname}: `),
    );
    // Another connection, opened later, is told the same.
    const late = createClient({ url: `file:${path}` });
    await expect(late.execute("DELETE FROM t")).rejects.toThrow(/CHANGEOVER_FENCED state=cut-over/);
    late.close();
  });
});
