import { describe, expect, it, onTestFinished } from "vitest";
import { testCapture } from "../../src/capture/capture-self-test.ts";
import { installCapture } from "../../src/capture/install.ts";
import { onSchemaTwin } from "../../src/capture/schema-twin.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { chooseIdentity } from "../../src/plan/propose/choose-identity.ts";
import { openSource } from "../../src/source/source.ts";
import { hranaServer } from "../support/hrana/start-hrana.ts";

const SCHEMA = `PRAGMA encoding = 'UTF-16le'; CREATE TABLE p(id INTEGER PRIMARY KEY, n TEXT UNIQUE, d AS (n || '!'));
  CREATE TABLE c(p REFERENCES p(id) ON DELETE CASCADE, x BLOB);
  CREATE VIRTUAL TABLE f USING fts5(n); CREATE VIEW v AS SELECT n FROM p;
  CREATE TRIGGER keep AFTER INSERT ON p BEGIN INSERT INTO f VALUES(new.n); END;
  INSERT INTO p(n) VALUES('one'), ('two'); INSERT INTO c VALUES(1, x'00ff');`;

describe("the twin of a server's schema", () => {
  it("takes the capture's self-test in the server's place, in a few round trips", async () => {
    const { server } = await hranaServer(SCHEMA);
    const source = openSource({ url: server.url });
    onTestFinished(() => source.close());
    const { tables } = await source.read(readSchema);
    const all = tables
      .filter(({ name }) => name === "p" || name === "c")
      .map((table, index) => ({ id: index + 1, table, identity: chooseIdentity(table, undefined) }));
    await installCapture(source, { run: "test", target: "", tables: all });
    const before = server.requests;
    expect(await onSchemaTwin(source, all, (twin) => testCapture(twin, all))).toEqual([]);
    expect(server.requests - before).toBeLessThan(8);
    // A trigger of capture that is not what it should be is found there, too.
    await source.write((tx) => tx.run("DROP TRIGGER _changeover_1_before_update"));
    await expect(onSchemaTwin(source, all, (twin) => testCapture(twin, all))).rejects.toMatchObject({
      code: "CAPTURE_SELF_TEST_FAILED",
    });
  });
});
