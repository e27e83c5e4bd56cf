import type { Finding } from "../model/proposal.ts";

/** What the source's journal mode means for a sync next to writers; none in WAL mode, and none for a server. */
export function journalFindings({
  isFile,
  journalMode,
}: {
  readonly isFile: boolean;
  readonly journalMode: string;
}): Finding[] {
  if (!isFile || journalMode === "wal") return [];
  return [
    {
      code: "SOURCE_JOURNAL",
      severity: "info",
      table: "",
      message:
        `the source's journal mode is ${journalMode}: a reader and a committing writer shut each other out, ` +
        "so while an application is busy a sync is slower and slows it down",
      hint:
        "in WAL mode neither waits for the other: `--source-journal wal` on `sync` or `full` switches to it, " +
        "for good, where the file is on a local disk; or leave it as it is",
    },
  ];
}
