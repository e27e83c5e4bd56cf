import { RefusedError } from "../../errors.ts";
import { pgName, pgTable } from "../../quote.ts";
import type { TargetTransaction } from "../../target/target.ts";
import type { SequenceBackup } from "./manifest.ts";

/** Restores the positions of sequences, but moves none backwards. */
export async function restoreSequences(tx: TargetTransaction, sequences: readonly SequenceBackup[]): Promise<void> {
  for (const sequence of sequences) {
    const name = await nameOf(tx, sequence);
    const [now] = await tx.rows<{ last: string; called: boolean; increment: string }>(
      "select last_value::text as last, is_called as called, (select seqincrement::text from pg_sequence where " +
        `seqrelid = to_regclass($1)) as increment from ${name}`,
      [name],
    );
    const ahead =
      now !== undefined &&
      now.called &&
      (BigInt(now.increment) > 0n
        ? BigInt(now.last) > BigInt(sequence.lastValue)
        : BigInt(now.last) < BigInt(sequence.lastValue));
    if (!ahead)
      await tx.rows("select setval($1::text::regclass, $2, $3)", [name, sequence.lastValue, sequence.isCalled]);
  }
}

/** The sequence of its column, if it has one: its name may have changed. */
async function nameOf(tx: TargetTransaction, { of, schema, name }: SequenceBackup): Promise<string> {
  const [found] =
    of === null
      ? await tx.rows<{ name: string | null }>("select to_regclass($1)::text as name", [pgTable({ schema, name })])
      : await tx.rows<{ name: string | null }>("select pg_get_serial_sequence($1, $2) as name", [
          `${pgName(of.schema)}.${pgName(of.table)}`,
          of.column,
        ]);
  if (found?.name != null) return found.name;
  throw new RefusedError({
    code: "RESTORE_SCHEMA_MISMATCH",
    message:
      `the sequence ${of === null ? name : `of column ${of.column} of ${of.table}`} does not exist. Nothing was ` +
      "restored",
    hint: "apply the migration that created it again: `changeover migrations` lists them",
    context: { sequence: name },
  });
}
