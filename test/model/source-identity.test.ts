import { describe, expect, it } from "vitest";
import { type FileIdentity, isSameSource } from "../../src/model/source-identity.ts";

const FILE: FileIdentity = {
  kind: "file",
  path: "/srv/app.db",
  host: "web-1",
  boot: "b1",
  device: "65024",
  inode: "7",
  born: "1796087896684",
  directory: "65024:3",
};

describe("a source is known again", () => {
  it.each<[string, Partial<FileIdentity>, boolean]>([
    ["by another path (moved within its file system, or a bind mount)", { path: "/data/app.db" }, false],
    ["in a container on the same kernel", { host: "5f3a", path: "/data/app.db" }, false],
    ["after a restart", { boot: "b2" }, true],
    ["after a restart that numbered the disks again", { boot: "b2", device: "65025" }, true],
    ["where the file system tells no time of creation", { born: null }, true],
    ["where the system tells no kernel", { boot: null }, true],
    ["where files have no number", { inode: null }, true],
  ])("%s", (_, change, leadsHere) => {
    expect(isSameSource(FILE, { ...FILE, ...change }, leadsHere)).toBe(true);
    expect(isSameSource({ ...FILE, ...change }, FILE, leadsHere)).toBe(true);
  });

  it.each<[string, Partial<FileIdentity>, boolean]>([
    ["a copy next to it", { inode: "8", born: "1796087999999", path: "/srv/copy.db" }, false],
    ["a file that replaced it", { inode: "8", born: "1796087999999" }, true],
    ["a file that was given the number of the removed one", { born: "1796087999999" }, true],
    ["a snapshot of the disk, mounted elsewhere", { device: "65025", path: "/mnt/snapshot/app.db" }, false],
    ["a clone of the machine, by another name", { host: "web-2", boot: "b9" }, true],
    ["the same number on another machine's disk", { host: "web-2", boot: "b9", device: "1" }, false],
    ["files without a number, by another path", { inode: null, path: "/srv/copy.db" }, false],
  ])("but not %s", (_, change, leadsHere) => {
    expect(isSameSource(FILE, { ...FILE, ...change }, leadsHere)).toBe(false);
  });

  it("a server by its address alone, and never as a file", () => {
    const server = { kind: "server", url: "libsql://app.turso.io" } as const;
    expect(isSameSource(server, { ...server }, false)).toBe(true);
    expect(isSameSource(server, { kind: "server", url: "libsql://copy.turso.io" }, false)).toBe(false);
    expect(isSameSource(server, FILE, true)).toBe(false);
    expect(isSameSource(FILE, server, true)).toBe(false);
  });
});
