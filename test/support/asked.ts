import type { Source } from "../../src/source/source.ts";

/** A source that remembers what it was asked. */
export function remembering(source: Source): { readonly source: Source; readonly asked: string[] } {
  const asked: string[] = [];
  const read: Source["read"] = (work) =>
    source.read((tx) =>
      work({
        ...tx,
        rows(sql, args) {
          asked.push(sql);
          return tx.rows(sql, args);
        },
      }),
    );
  return {
    asked,
    source: {
      kind: source.kind,
      location: source.location,
      path: source.path,
      identity: source.identity,
      read,
      write: (work, options) => source.write(work, options),
      copyInto: (file) => source.copyInto(file),
      switchToWal: async () => "wal",
      setSoleWriter: () => {},
      isContended: () => false,
      takeOverCheckpoints: () => source.takeOverCheckpoints(),
      close: () => source.close(),
    },
  };
}
