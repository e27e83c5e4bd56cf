import { expect, it } from "vitest";
import { nameFileSystem } from "../../src/source/file-system.ts";
import { refuseUnsharedFileSystem } from "../../src/source/wal-switch.ts";

it("a WAL is refused on file systems without shared memory only", () => {
  const [nfs, smb, ext4, unknown] = [0x6969, 0xff534d42, 0xef53, 0];
  for (const type of [nfs, smb])
    expect(() => refuseUnsharedFileSystem("/app.db", () => ({ ...nameFileSystem(type), freeBytes: null }))).toThrow(
      expect.objectContaining({ code: "JOURNAL_NOT_SWITCHED" }),
    );
  for (const type of [ext4, unknown])
    expect(() =>
      refuseUnsharedFileSystem("/app.db", () => ({ ...nameFileSystem(type), freeBytes: null })),
    ).not.toThrow();
});
