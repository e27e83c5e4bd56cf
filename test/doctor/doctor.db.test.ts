import { closeSync, openSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { examine } from "../../src/doctor/examine.ts";
import { placeOfHost } from "../../src/doctor/examine-target.ts";
import { renderExamination } from "../../src/doctor/render-examination.ts";
import { runCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

const PASSWORD = "s3cret/pa:ss@word";
const WRITTEN = encodeURIComponent(PASSWORD);

describe("changeover doctor", () => {
  it("says what a bug report needs of both sides, as text and as JSON", async () => {
    const { path } = await sqliteFile("CREATE TABLE patients(id INTEGER PRIMARY KEY); CREATE VIEW v AS SELECT 1;");
    const target = await emptyDatabase();
    const cwd = temporaryDirectory();
    const held = openSync(path, "r");
    const page = await runCli(["doctor", "--source", path, "--target", target], { cwd });
    closeSync(held);
    expect(page.code, page.stdout).toBe(0);
    for (const line of [
      /^ {2}changeover {6}\d+\.\d+\.\d+/m,
      /^ {2}SQLite {10}3\./m,
      /^ {2}journal mode {4}(wal|delete)$/m,
      /^ {2}schema {10}1 tables, 0 indexes, 1 views/m,
      /^ {2}server {10}PostgreSQL 18/m,
      /^ {2}TLS {13}none, sslmode disable/m,
      /^ {2}pooler {10}none seen/m,
      /^ {2}privileges {6}no superuser, may create tables, may create schemas/m,
      /^ {2}clock {11}[+−]\d+ ms \(± \d+ ms\)/m,
      /^ {2}run {13}none$/m,
    ])
      expect(page.stdout).toMatch(line);
    // This test is a process that has the file open.
    if (process.platform === "linux") expect(page.stdout).toContain(`(${process.pid})`);
    expect(page.stdout).not.toContain("patients");
    expect(page.stdout.split("\n").length).toBeLessThan(50);
    const { stdout } = await runCli(["doctor", "--source", path, "--target", target, "--json"], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      source: { state: "open", tables: 1, file: { is_own: true } },
      target: { state: "open", pooling: "none", tls: { mode: "disable", is_encrypted: false }, phase: null },
    });
  });

  it("never shows a password, a token, a host or a user, whatever goes wrong", async () => {
    const reachable = new URL(await emptyDatabase());
    const wrong = new URL(reachable);
    wrong.password = PASSWORD;
    const own = decodeURIComponent(reachable.password);
    const cases = [
      { target: reachable.href },
      { target: wrong.href },
      { target: `postgres://alice:${WRITTEN}@db.internal.example:5432/payroll` },
      { target: `postgres://alice:${WRITTEN}@127.0.0.1:1/payroll` },
      { target: `postgres://alice:${WRITTEN}@127.0.0.1:1/payroll?no_such_parameter=${WRITTEN}` },
      { target: `postgres://alice:${WRITTEN}@127.0.0.1:99999999/payroll` },
      { target: `host=127.0.0.1 port=1 user=alice password='${PASSWORD}' dbname=payroll sslpassword=${PASSWORD}` },
      { source: `libsql://127.0.0.1:1?authToken=${WRITTEN}` },
      { source: `libsql://alice:${WRITTEN}@127.0.0.1:1`, token: PASSWORD },
      { source: `mysql://alice:${WRITTEN}@db.internal.example/payroll` },
    ];
    for (const { source = null, target = null, token = null } of cases) {
      const examination = await examine({
        source,
        sourceAuthToken: token,
        target: target === null ? null : { url: target },
      });
      for (const text of [renderExamination(examination), JSON.stringify(examination)]) {
        expect(text).toContain("machine");
        for (const secret of [PASSWORD, WRITTEN, own, "s3cret", "alice", "payroll", "db.internal"])
          expect(text, `${target ?? source}`).not.toContain(secret);
      }
    }
  });

  it("fails with code 1 and goes on to the other side where one cannot be opened", async () => {
    const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY);");
    const cwd = temporaryDirectory();
    const target = "postgres://me@127.0.0.1:1/app";
    const broken = await runCli(["doctor", "--source", path, "--target", target, "--json"], { cwd });
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.stdout)).toMatchObject({
      source: { state: "open" },
      target: { state: "failed", place: "this machine", error: { code: "TARGET_UNREACHABLE ECONNREFUSED" } },
    });
    const missing = await runCli(["doctor", "--source", "none.db", "--json"], { cwd });
    expect([missing.code, JSON.parse(missing.stdout)]).toMatchObject([
      1,
      { source: { state: "failed", error: { code: "SOURCE_NOT_FOUND" } }, target: { state: "not-given" } },
    ]);
  });

  it("names who hosts a server, and not the server", () => {
    expect(placeOfHost("ep-cool-1.eu.aws.neon.tech")).toBe("another machine (*.neon.tech)");
    expect(placeOfHost("10.1.2.3")).toBe("an address of another machine");
    expect(placeOfHost("db1")).toBe("another machine");
    expect(placeOfHost("/var/run/postgresql")).toBe("a socket of this machine");
  });
});
