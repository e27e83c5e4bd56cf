import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { resolveConnection } from "../../src/target/connection/resolve-connection.ts";
import { inState, renderForState, stateOf } from "../../src/target/state-schema.ts";
import { lockKey } from "../../src/target/store/run-lock.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OTHER = { stateSchema: "changeover_a-1", schema: "it's" };
const textsIn = (folder: string) =>
  // The queue of a fleet, in a folder of its own, is no state of a run.
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith(".sql"))
    .map((file) => [file, readFileSync(join(ROOT, folder, file), "utf8")] as const);

describe("the state schema of a run", () => {
  it("is changeover, or begins with changeover_", () => {
    const given = (name: string) => resolveConnection(`postgres://u@h/d?state_schema=${encodeURIComponent(name)}`);
    expect(resolveConnection("postgres://u@h/d").stateSchema).toBe("changeover");
    for (const name of ["changeover", "changeover_a", "changeover_Tenant-7"])
      expect(given(name).stateSchema).toBe(name);
    for (const name of [
      "public",
      "changeovers",
      "changeover_",
      "changeover_a b",
      'changeover_"',
      `changeover_${"x".repeat(60)}`,
    ])
      expect(() => given(name), name).toThrow(expect.objectContaining({ code: "STATE_SCHEMA_NAME" }));
  });

  it("is never the schema of the tables", () => {
    expect(() => resolveConnection("postgres://u@h/d?schema=changeover_a")).toThrow(
      expect.objectContaining({ code: "STATE_SCHEMA_NAME" }),
    );
  });

  it("is quoted where it is used", () => {
    expect(stateOf({ stateSchema: "changeover" })).toBe("changeover");
    expect(stateOf(OTHER)).toBe('"changeover_a-1"');
    expect(inState(OTHER, "run")).toBe(`'"changeover_a-1".run'`);
  });

  it("replaces changeover in every statement of ours", () => {
    const left = [...textsIn("sql/target"), ...textsIn("migrations")].flatMap(([file, text]) =>
      renderForState(text, OTHER)
        .split("\n")
        .filter((line) => !line.trimStart().startsWith("--"))
        .filter((line) => /(?<![\w\\"])changeover\.(?!session)|'changeover'|= 'own'/.test(line))
        .filter((line) => !/current_user in \('changeover', 'changeover_a-1'\)/.test(line))
        .map((line) => `${file}: ${line}`),
    );
    expect(left).toEqual([]);
  });

  it("limits what looks at all schemas to the run's own", () => {
    const everywhere = textsIn("sql/target").filter(([, text]) => /nspname\s+!~|schema\s+!~/.test(text));
    expect(everywhere.length).toBeGreaterThan(8);
    for (const [file, text] of everywhere) {
      const rendered = renderForState(text, OTHER);
      expect(rendered, file).not.toMatch(/!~\s+'\^\(?pg_/);
      expect(rendered, file).toContain("= 'it''s'");
      expect(renderForState(text, { ...OTHER, schema: null }), file).toMatch(/!~\s+'\^\(pg_/);
    }
  });

  it("has locks of its own, of each kind", () => {
    const keys = ["changeover", "changeover_a", "changeover_b"].flatMap((stateSchema) =>
      (["run", "change-log", "verification", "migrations"] as const).map((kind) => lockKey({ stateSchema }, kind)),
    );
    expect(new Set(keys).size).toBe(12);
    for (const key of keys) expect(key > 0n && key < 1n << 63n).toBe(true);
  });

  it("is named in no statement of the code", () => {
    const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const names = ["run", "table_state", "deferred", "quarantine", "failback\\w*", "migration_record", "history"];
    const own = new RegExp(`\\b(from|join|update|into|regclass\\(')\\s*changeover\\.(${names.join("|")})\\b`, "i");
    const wrong = files.filter((file) => own.test(readFileSync(join(ROOT, "src", file), "utf8")));
    expect(wrong).toEqual([]);
  });
});
