import { expect, it } from "vitest";
import { confirmUndo } from "../../src/cli/confirm-undo.ts";
import type { Connections } from "../../src/cli/connections.ts";
import { renderForecast } from "../../src/cli/render-forecast.ts";
import type { TakenAway, UndoneFile } from "../../src/schema/backup/forecast-undo.ts";

const items: TakenAway = {
  schema: "public",
  table: "items",
  how: "column-dropped",
  column: "price",
  rows: 1204,
  counted: true,
  bytes: 16_384,
  id: "1",
};
const FILES: readonly UndoneFile[] = [
  { name: "0012_price", takes: [items, { ...items, column: "note" }], unknown: [] },
  {
    name: "0011_log",
    takes: [
      {
        ...items,
        how: "dropped",
        column: null,
        table: "log",
        schema: "app",
        rows: 12e6,
        counted: false,
        id: "2",
        bytes: 1.2e9,
      },
    ],
    unknown: ["a DO block"],
  },
  { name: "0010_view", takes: [], unknown: [] },
];
const EMPTY: readonly UndoneFile[] = [{ name: "0001_a", takes: [{ ...items, rows: 0 }], unknown: [] }];

/** Connections of a terminal or of a script, which note what was asked. */
function connectionsOf(given: { readonly isTerminal: boolean; readonly yes: boolean }) {
  const asked: string[] = [];
  const demand = (text: string) => Promise.resolve(void asked.push(text));
  return { asked, connections: { ...given, demand } as unknown as Connections };
}

it("a list has one line a table, in the order of the files", () => {
  expect(renderForecast(FILES)).toBe(
    [
      "  0012_price  drops columns price, note of items (1,204 rows, 16.4 kB)",
      "  0011_log    drops table app.log (about 12,000,000 rows, 1.2 GB)",
      "              runs a DO block: what that takes away is known only when it runs",
      "  0010_view   takes away no table and no column",
    ].join("\n"),
  );
});

it("a terminal is always asked, and what it agrees to binds", async () => {
  for (const files of [FILES, EMPTY]) {
    const { asked, connections } = connectionsOf({ isTerminal: true, yes: false });
    expect(await confirmUndo(connections, { files, command: "down", options: {}, say: () => {} })).toBe(files);
    expect(asked[0]).toContain(renderForecast(files));
    if (files === FILES) expect(asked[0]).toContain("down undoes 3 migrations, in this order:");
  }
});

it("a script needs --yes where values may go, and --yes agrees to anything", async () => {
  const script = connectionsOf({ isTerminal: false, yes: false }).connections;
  const said: string[] = [];
  const question = { command: "down", options: {}, say: (text: string) => void said.push(text) } as const;
  await expect(confirmUndo(script, { ...question, files: FILES })).rejects.toMatchObject({
    code: "CONFIRMATION_REQUIRED",
  });
  expect(await confirmUndo(script, { ...question, files: EMPTY })).toBe(EMPTY);
  const sure = connectionsOf({ isTerminal: false, yes: true }).connections;
  expect(await confirmUndo(sure, { ...question, files: FILES })).toBeNull();
  expect(said).toHaveLength(3);
});
