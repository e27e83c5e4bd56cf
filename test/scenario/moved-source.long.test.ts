import { spawn } from "node:child_process";
import { copyFileSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { caughtUpRun, codeOf, rowsOf, writeTo } from "../support/caught-up-run.ts";
import { runCli } from "../support/cli.ts";
import { query } from "../support/target.ts";

describe("a copy that is to be one without capture", () => {
  it("is cleaned as a copy, and the original is not", async () => {
    const { cli, copyTo, cwd, path } = await caughtUpRun();
    const copy = copyTo(join(cwd, "copy.db"));
    expect(codeOf(await cli(path, "clean", "--copy", "--yes"))).toBe("COPY_IS_THE_SOURCE");
    expect(await cli(copy, "clean", "--copy", "--yes")).toMatchObject({ code: 0 });
    expect(await cli(copy, "clean", "--copy", "--yes")).toMatchObject({ document: { removed: [] } });
    expect(await cli(path, "check")).toMatchObject({ code: 0, document: { ok: true } });
  });
});

describe("what status prints", { timeout: 240_000 }, () => {
  it("says that the source refuses writes of a file that it has looked into", async () => {
    const { cli, copyTo, cwd, path, target } = await caughtUpRun();
    const copy = copyTo(join(cwd, "copy.db"));
    expect((await cli(path, "cutover")).code).toBe(0);
    const text = async (...source: string[]) =>
      (await runCli(["status", ...source, "--target", target], { cwd })).stdout;
    expect(await text()).toMatch(/^cut-over: the target has taken over\n[^]*inspected {2}no source/);
    expect(await text("--source", path)).toContain(`inspected  ${path}: it refuses writes`);
    expect(await text("--source", copy)).toContain(
      `${copy}: NOT the source of this run, but another file; it takes writes`,
    );
    expect(await text("--source", join(cwd, "none.db"))).toContain("[SOURCE_NOT_FOUND]");
  });
});

describe("a source that was moved", { timeout: 240_000 }, () => {
  it("within its file system, or is named by a symbolic link or a relative path, is the same file", async () => {
    const { cli, cwd, path, directory } = await caughtUpRun();
    symlinkSync(path, join(cwd, "link.db"));
    expect(await cli("link.db", "check")).toMatchObject({ code: 0, document: { ok: true } });
    mkdirSync(join(directory, "elsewhere"));
    const moved = join(directory, "elsewhere", "moved.db");
    renameSync(path, moved);
    expect(await cli(moved, "sync", "--until", "caught-up")).toMatchObject({ code: 0 });
    expect(await cli(moved, "status")).toMatchObject({
      document: { source: moved, source_state: { is_run_source: true } },
    });
    // SQLite keeps the WAL next to the name: two names of one file would not see each other's.
    linkSync(moved, join(cwd, "hard.db"));
    expect(codeOf(await cli("hard.db", "sync", "--until", "caught-up"))).toBe("SOURCE_OTHER_NAME");
  });

  it("to another disk is taken for it once the old one is out of use, and all rows are compared again", async () => {
    const { cli, copyTo, cwd, path, target } = await caughtUpRun();
    expect((await cli(path, "check")).code).toBe(0);
    const moved = copyTo(join(cwd, "moved.db"));
    const holder = spawn("tail", ["-f", path], { stdio: "ignore" });
    onTestFinished(() => void holder.kill());
    expect(codeOf(await cli(moved, "sync", "--until", "caught-up", "--source-moved"))).toBe("OLD_SOURCE_IN_USE");
    renameSync(path, `${path}.old`);
    const held = await cli(moved, "sync", "--until", "caught-up", "--source-moved");
    if (process.platform === "linux") expect(held.stderr).toMatch(/process \d+ \(tail\) still has the old file open/);
    holder.kill();
    await new Promise((resolve) => holder.once("exit", resolve));
    expect(codeOf(await cli(moved, "sync", "--until", "caught-up"))).toBe("SOURCE_IS_ANOTHER_FILE");
    writeTo(moved, "UPDATE t SET v = 'after the move' WHERE id = 2");
    const accepted = await cli(moved, "sync", "--until", "caught-up", "--source-moved");
    expect([accepted.code, accepted.stderr]).toEqual([0, expect.stringContaining("compared again")]);
    expect(await cli(moved, "status")).toMatchObject({ document: { source: moved, verified: null } });
    expect(await cli(moved, "cutover")).toMatchObject({ code: 0, document: { ok: true, verified: { rows: 2 } } });
    expect(await rowsOf(target)).toEqual({ 1: "one", 2: "after the move" });
    const { stdout } = await runCli(["history", "--target", target, "--json"], { cwd });
    expect(stdout).toContain("source moved");
    // A fenced one can stay where it is: nobody writes to it.
    const again = join(cwd, "again.db");
    copyFileSync(moved, again);
    expect(await cli(again, "rollback", "--yes", "--source-moved")).toMatchObject({
      code: 0,
      document: { phase: "returned" },
    });
  });

  it("to a copy that lacks the newest entries of the log is refused, but for giving up", async () => {
    const { cli, copyTo, cwd, path } = await caughtUpRun();
    const old = copyTo(join(cwd, "old.db"));
    writeTo(path, "INSERT INTO t VALUES(3, 'not in the copy')");
    expect((await cli(path, "sync", "--until", "caught-up")).code).toBe(0);
    rmSync(path);
    expect(codeOf(await cli(old, "sync", "--until", "caught-up"))).toBe("SOURCE_IS_ANOTHER_FILE");
    for (const more of [["--source-moved"], ["--source-moved", "--only-source"]])
      expect(codeOf(await cli(old, "sync", "--until", "caught-up", ...more))).toBe("SOURCE_REWOUND");
    // To give up, an older state will do.
    expect(codeOf(await cli(old, "rollback", "--yes"))).toBe("SOURCE_IS_ANOTHER_FILE");
    expect((await cli(old, "rollback", "--yes", "--source-moved")).code).toBe(0);
    expect((await cli(old, "sync", "--until", "caught-up")).code).toBe(0);
  });

  it("and one that replaced it at its path is known to be another file", async () => {
    const { cli, copyTo, cwd, path } = await caughtUpRun();
    renameSync(copyTo(join(cwd, "restored.db")), path);
    expect(codeOf(await cli(path, "sync", "--until", "caught-up"))).toBe("SOURCE_IS_ANOTHER_FILE");
    expect((await cli(path, "sync", "--until", "caught-up", "--source-moved")).code).toBe(0);
    expect((await cli(path, "cutover")).code).toBe(0);
  });
});

describe("on another machine", { timeout: 240_000 }, () => {
  it(
    "the same file needs a word, since it cannot be seen whether it is the same; " + "in another container does not",
    async () => {
      const { cli, path, target } = await caughtUpRun();
      const elsewhere = (identity: object) =>
        query(target, `update changeover.run set source_identity = source_identity || '${JSON.stringify(identity)}'`);
      await elsewhere({ host: "5f3a0c" });
      expect((await cli(path, "check")).code).toBe(0);
      await elsewhere({ host: "web-1", boot: "another" });
      const refused = await cli(path, "cutover");
      expect([codeOf(refused), refused.document.error?.hint]).toEqual([
        "SOURCE_IS_ANOTHER_FILE",
        expect.stringMatching(/run it on web-1.*--hostname.*--source-moved --only-source/),
      ]);
      expect(codeOf(await cli(path, "cutover", "--source-moved"))).toBe("SOURCE_MOVE_UNPROVED");
      expect(codeOf(await cli(path, "cutover", "--only-source"))).toBe("USAGE");
      expect(await cli(path, "cutover", "--source-moved", "--only-source")).toMatchObject({ code: 0 });
      expect((await cli(path, "check")).code).toBe(0);
    },
  );

  it("or where the old directory is not mounted, a file that is not there is not known to be gone", async () => {
    const { cli, copyTo, cwd, path } = await caughtUpRun();
    const moved = copyTo(join(cwd, "moved.db"));
    renameSync(dirname(path), `${dirname(path)}-away`);
    onTestFinished(() => rmSync(`${dirname(path)}-away`, { recursive: true }));
    expect(codeOf(await cli(moved, "check", "--source-moved"))).toBe("SOURCE_MOVE_UNPROVED");
    expect((await cli(moved, "check", "--source-moved", "--only-source")).code).toBe(0);
  });

  it("a run of before the source was recorded knows its path", async () => {
    const { cli, copyTo, cwd, path, target } = await caughtUpRun();
    await query(target, "update changeover.run set source_identity = null");
    copyTo(join(cwd, "copy.db"));
    expect(codeOf(await cli("copy.db", "sync", "--until", "caught-up"))).toBe("SOURCE_IS_ANOTHER_FILE");
    expect((await cli(path, "sync", "--until", "caught-up")).code).toBe(0);
    expect(await query(target, "select source_identity ->> 'path' as path from changeover.run")).toEqual([{ path }]);
  });
});
