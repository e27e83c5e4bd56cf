import { ValueError } from "../errors.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { TargetTransaction } from "../target/target.ts";
import { sqlState } from "../target/target-error.ts";
import { applyRowByRow, isRowsOwn } from "./apply-row-by-row.ts";
import type { ReplayOptions } from "./replay-batch.ts";
import { type ApplyStatements, renderApply } from "./stage.ts";
import type { StagedTables } from "./staged-tables.ts";

const UNIQUE_VIOLATION = "23505";
const EXCLUSION_VIOLATION = "23P01";

/** Brings all staged rows into the target's tables. */
export async function applyStaged(tx: TargetTransaction, options: ReplayOptions, staged: StagedTables): Promise<void> {
  const replaced = options.replacing?.mappings ?? [];
  for (const mapping of replaced) {
    const apply = applyOf(mapping);
    await bring(tx, options, { mapping, apply, how: "insert", first: apply.clear }).catch((cause: unknown) => {
      throw sqlState(cause)?.startsWith("23") === true ? conflict(mapping, cause) : cause;
    });
  }
  const statements = staged.mappings
    .filter((mapping) => !replaced.includes(mapping))
    .map((mapping) => ({ mapping, apply: applyOf(mapping) }));
  try {
    await tx.savepoint(async () => {
      let together: string[] = [];
      const bringTogether = async () => {
        if (together.length > 0) await tx.run(together.join(";\n"));
        together = [];
      };
      for (const { mapping, apply } of statements) {
        const how = upsertOf(staged, mapping);
        const first = staged.hasDeleted(mapping) ? apply.remove : "";
        if (mapping.quarantine !== true) together.push(...[first, apply[how]].filter((text) => text !== ""));
        else {
          await bringTogether();
          await bring(tx, options, { mapping, apply, how, first });
        }
      }
      await bringTogether();
    });
  } catch (error) {
    if (!meetsAnother(error)) throw error;
    // Two rows swapped a unique value: the snapshot is sound, but not every order of its rows is.
    for (const { mapping, apply } of statements) {
      await bring(tx, options, { mapping, apply, how: "insert", first: apply.removeAll }).catch((cause: unknown) => {
        throw sqlState(cause)?.startsWith("23") === true ? conflict(mapping, cause) : cause;
      });
    }
  }
}

/** PostgreSQL rejected a row because of another row. */
export function meetsAnother(error: unknown): boolean {
  const state = sqlState(error);
  return state === UNIQUE_VIOLATION || state === EXCLUSION_VIOLATION;
}

interface Bring {
  readonly mapping: TableMapping;
  readonly apply: ApplyStatements;
  readonly how: "upsert" | "upsertAscending" | "insert";
  /** What is deleted before; empty for nothing. */
  readonly first: string;
}

async function bring(
  tx: TargetTransaction,
  options: ReplayOptions,
  { mapping, apply, how, first }: Bring,
): Promise<void> {
  const all = () => tx.run(first === "" ? apply[how] : `${first};\n${apply[how]}`);
  if (mapping.quarantine !== true) return all();
  try {
    await tx.savepoint(all);
  } catch (error) {
    if (!isRowsOwn(error)) throw error;
    if (first !== "") await tx.run(first);
    await applyRowByRow(tx, {
      source: options.source,
      place: { run: options.run, mapping },
      apply,
      how: how === "insert" ? "insert" : "upsert",
    });
  }
}

export function upsertOf(staged: StagedTables, mapping: TableMapping): "upsert" | "upsertAscending" {
  return staged.isAscending(mapping) ? "upsertAscending" : "upsert";
}

const applied = new WeakMap<TableMapping, ApplyStatements>();

export function applyOf(mapping: TableMapping): ApplyStatements {
  const known = applied.get(mapping) ?? renderApply(mapping);
  applied.set(mapping, known);
  return known;
}

function conflict(mapping: TableMapping, cause: unknown): ValueError {
  const constraint =
    cause instanceof Error && "context" in cause ? (cause.context as Record<string, unknown>)["constraint"] : undefined;
  return new ValueError({
    code: "TARGET_CONSTRAINT",
    message:
      `table ${mapping.source}: rows that the source allows break ` +
      `${typeof constraint === "string" ? `the constraint ${constraint}` : "a constraint"} of the target`,
    hint: "correct the rows in the source, or the constraint in the target; then run the same command again",
    context: { table: mapping.source, constraint },
    cause,
  });
}
