import { inTime } from "../in-time.ts";
import { BEGIN_A_RUN, ENDINGS } from "./endings.ts";
import type { CommandContext, RunVerb } from "./run-command.ts";
import type { CommandName } from "./targets.ts";
import { renderNext, renderTicketTable, TicketRecord } from "./ticket-table.ts";

/** A target that is lost must not keep a command from its result. */
const READ_MS = 2_000;
const MAX_TABLES = 200;

/** Runs a command; at its end it says what it did table by table, and what comes next, on stderr and in its JSON. */
export async function withTicket(name: CommandName, run: RunVerb, context: CommandContext): Promise<number> {
  if (ENDINGS[name] === "nothing") return run(context);
  const record = new TicketRecord();
  context.connections.listeners.push(record.listener);
  const results: { readonly text: string; readonly document: unknown }[] = [];
  const output = {
    ...context.output,
    result: (text: string, document: unknown) => void results.push({ text, document }),
  };
  try {
    return await run({ ...context, output });
  } finally {
    await showEnd(name, context, { record, results });
  }
}

interface Ended {
  readonly record: TicketRecord;
  readonly results: readonly { readonly text: string; readonly document: unknown }[];
}

async function showEnd(name: CommandName, { connections, output }: CommandContext, { record, results }: Ended) {
  const read = results.length > 0 && (await connections.hasTarget());
  const migration = read ? await connections.migration("target-only") : null;
  const status = migration === null ? null : await inTime(() => migration.status(), READ_MS).catch(() => null);
  const isOfConcern = status !== null && (status.source !== null || BEGIN_A_RUN.has(name));
  const steps = isOfConcern ? status.nextSteps : [];
  for (const { document, text } of results)
    output.result(text, isObject(document) ? { ...document, nextSteps: steps } : document);
  if (migration === null || status === null) return;
  if (ENDINGS[name] === "table") {
    const tables = await inTime(() => migration.tables(), READ_MS).catch(() => []);
    const differences = differencesOf(results.at(-1)?.document);
    if (tables.length > 0 && tables.length <= MAX_TABLES)
      output.say(`\n${renderTicketTable({ tables, record, differences })}`);
  }
  if (steps.length > 0) output.say(`\nwhat comes next:\n${renderNext(steps)}`);
}

/** Differences by table, from the document of a command that compared; none where all of it was equal. */
function differencesOf(document: unknown): ReadonlyMap<string, number> | null {
  if (!isObject(document)) return null;
  const { ok, tables } = document;
  if (Array.isArray(tables)) return new Map(tables.filter(isCompared).map((table) => [table.table, table.differences]));
  return ok === true ? new Map() : null;
}

function isCompared(value: unknown): value is { readonly table: string; readonly differences: number } {
  return isObject(value) && typeof value["table"] === "string" && typeof value["differences"] === "number";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
