import { ChangeoverError, RefusedError } from "../../errors.ts";
import type { Losses } from "./find-losses.ts";
import type { UndoneFile } from "./forecast-undo.ts";

/** Throws if a trial found losses that were not agreed to: a DO block may drop what its text does not tell. */
export function refuseSurprise({ columns, tables }: Losses, agreed: readonly UndoneFile[] | null): void {
  if (agreed === null) return;
  const taken = agreed.flatMap(({ takes }) => takes);
  const isAgreed = (id: string, column: string | null) =>
    taken.some((one) => one.id === id && (one.column === null ? one.how !== "changed" : one.column === column));
  const surprises = [
    ...tables.filter(({ table }) => !isAgreed(table.id, null)).map(({ table }) => `the rows of ${table.name}`),
    ...columns.flatMap(({ columns: lost, table }) =>
      lost.filter(({ name }) => !isAgreed(table.id, name)).map(({ name }) => `${name} of ${table.name}`),
    ),
  ];
  if (surprises.length > 0) throw takesMore(surprises);
}

export function isSurprise(error: unknown): boolean {
  return error instanceof ChangeoverError && error.code === "DOWN_TAKES_MORE";
}

function takesMore(surprises: readonly string[]): RefusedError {
  return new RefusedError({
    code: "DOWN_TAKES_MORE",
    message: `a trial shows that this also takes away ${surprises.join(", ")}. Nothing was undone`,
    hint: "look at the down section, and give --yes if that is what you want; what goes is backed up first",
    context: { surprises },
  });
}
