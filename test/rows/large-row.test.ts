import { describe, expect, it } from "vitest";
import type { Conversion, TableMapping } from "../../src/model/mapping.ts";
import { largeRow } from "../../src/rows/large-row.ts";
import type { Source, SourceValue } from "../../src/source/source.ts";

const KEY = [{ type: "integer", value: "7" }] as const;

/** A row of a table files(id, body, facts) whose values have so many bytes. */
function fileOf(body: Conversion, facts: Conversion, bytes: { readonly body: bigint; readonly facts: bigint }) {
  const column = (name: string, conversion: Conversion) => ({
    source: name,
    target: name,
    affinity: "blob" as const,
    collation: "BINARY",
    conversion,
  });
  const mapping: TableMapping = {
    id: 1,
    source: "files",
    target: { schema: "public", name: "files" },
    identity: { kind: "columns", columns: ["id"] },
    columns: [column("id", { kind: "integer", type: "bigint" }), column("body", body), column("facts", facts)],
  };
  const row: SourceValue[] = [8n, bytes.body, bytes.facts];
  const source: Source = {
    kind: "file",
    location: "",
    path: null,
    identity: { kind: "server", url: "" },
    read: (work) => work({ rows: async () => [row], script: async () => {} }),
    write: () => Promise.reject(new Error("read only")),
    copyInto: () => Promise.reject(new Error("no file")),
    switchToWal: async () => "wal",
    setSoleWriter: () => {},
    isContended: () => false,
    takeOverCheckpoints: () => {},
    close: () => {},
  };
  return largeRow(source, mapping, KEY);
}

const BYTES: Conversion = { kind: "bytes" };
const TEXT: Conversion = { kind: "text", maxLength: null, padded: false };
const JSON_TEXT: Conversion = { kind: "json", binary: true };

describe("a row too large to be read at once", () => {
  it("has its large texts and blobs read in pieces, and all else at once", async () => {
    const row = await fileOf(BYTES, TEXT, { body: 400_000_000n, facts: 1_000n });
    expect(row.small.map(({ source }) => source)).toEqual(["id", "facts"]);
    expect(row.large.map(({ source }) => source)).toEqual(["body"]);
    expect((await fileOf(TEXT, TEXT, { body: 20_000_000n, facts: 900_000_000n })).large).toHaveLength(2);
  });

  it("is refused where one line of COPY cannot hold it, a blob counting twice", async () => {
    await expect(fileOf(BYTES, TEXT, { body: 510_000_000n, facts: 0n })).rejects.toMatchObject({
      code: "ROW_TOO_LARGE",
      message: expect.stringMatching(/table files: the row whose key is 7 .* column body has 510 MB/) as string,
    });
    await expect(fileOf(BYTES, BYTES, { body: 260_000_000n, facts: 260_000_000n })).rejects.toMatchObject({
      code: "ROW_TOO_LARGE",
    });
  });

  it("is refused where a large value has to be read at once to become what it should", async () => {
    expect((await fileOf(JSON_TEXT, TEXT, { body: 20_000_000n, facts: 0n })).large).toEqual([]);
    await expect(fileOf(JSON_TEXT, TEXT, { body: 80_000_000n, facts: 0n })).rejects.toMatchObject({
      code: "ROW_TOO_LARGE",
    });
  });
});
