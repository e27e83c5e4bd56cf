import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { hasFileModes, packagedSystem, processIds, programFile, readProc } from "../src/operating-system.ts";
import { fileSystemOf } from "../src/source/file-system.ts";
import { holdersOf } from "../src/source/processes-holding.ts";
import { filePath, fileUrl } from "../src/source/source-file.ts";
import { kindOfSource } from "../src/source/source-scheme.ts";
import { temporaryDirectory } from "./support/source.ts";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

it("asks for the operating system in one file", () => {
  // The watcher is a shell script, which looks for /proc itself and does without.
  const allowed = ["operating-system.ts", "source/file-system.ts", "embedded/watch-server.ts"];
  const wrong = readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !allowed.includes(file))
    .filter((file) => {
      const code = readFileSync(join(SRC, file), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
      return /["'`]\/proc|process\.platform|\bplatform\(\)/.test(code);
    });
  // A default of a parameter, which tests replace.
  expect(wrong.filter((file) => file !== "source/processes-holding.ts")).toEqual([]);
});

it("goes on where there is no /proc", () => {
  const none = join(temporaryDirectory(), "no-proc");
  expect(readProc("self/stat", none)).toBeNull();
  expect(processIds(none)).toEqual([]);
  expect(holdersOf({ device: "1", inode: "2" }, none)).toEqual({ processes: [], unseen: null });
});

it("takes paths with a drive letter for files, and gives them to SQLite with slashes", () => {
  for (const path of ["C:\\data\\app.db", "d:/data/app.db"]) expect(kindOfSource(path)).toBe("file");
  expect(decodeURIComponent(fileUrl("C:\\my data\\app #1.db"))).toBe("file:C:/my data/app #1.db");
  expect(fileUrl("C:\\a b\\c.db")).not.toContain(" ");
  expect(filePath("file:///C:/data/app.db")).toBe("C:/data/app.db");
  expect(filePath("file:///srv/app.db")).toBe("/srv/app.db");
  // A backslash is a letter like any other in a name elsewhere.
  expect(decodeURIComponent(fileUrl("/srv/a\\b.db"))).toBe("file:/srv/a\\b.db");
});

it("knows programs, packages, modes and file systems by the system's name", () => {
  expect([programFile("initdb", "win32"), programFile("initdb", "darwin")]).toEqual(["initdb.exe", "initdb"]);
  expect([packagedSystem("win32"), packagedSystem("darwin")]).toEqual(["windows", "darwin"]);
  expect([hasFileModes("win32"), hasFileModes("darwin")]).toEqual([false, true]);
  expect(fileSystemOf(SRC, "darwin")).toMatchObject({ name: null, isNetwork: false });
  expect(fileSystemOf(join(SRC, "nowhere"))).toEqual({ name: null, isNetwork: false, freeBytes: null });
});
