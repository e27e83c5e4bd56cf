import { type Format, type FormatHabit, IRREGULAR } from "../rows/inverse.ts";
import { codecOf } from "../rows/types/codecs.ts";
import type { FailbackColumn } from "./failback-table.ts";

/** How the columns of a database write values of a type: the likeliest format of a column without values. */
export class TypicalFormats {
  readonly #seen = new Map<string, Map<Format, number>>();

  see(column: FailbackColumn): void {
    const habit = habitOf(column);
    if (habit === null) return;
    const counts = this.#seen.get(habit.group) ?? new Map<Format, number>();
    this.#seen.set(habit.group, counts);
    for (const [format, count] of column.formats.seen) {
      const name = habit.toGroup(format);
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
  }

  /** The most frequent format first; none where the type decides the format, or was never seen. */
  of(column: FailbackColumn): Format[] {
    const habit = habitOf(column);
    if (habit === null) return [];
    const related = habit.related === undefined ? [] : this.#byFrequency(habit.related);
    return [...this.#byFrequency(habit.group), ...related].flatMap((format) => habit.ofGroup(format) ?? []);
  }

  #byFrequency(group: string): Format[] {
    return [...(this.#seen.get(group) ?? [])]
      .filter(([format]) => format !== IRREGULAR)
      .sort(([, a], [, b]) => b - a)
      .map(([format]) => format);
  }
}

function habitOf({ column: { conversion } }: FailbackColumn): FormatHabit | null {
  return codecOf(conversion).inverse.habit;
}
