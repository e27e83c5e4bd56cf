import type { Conversion } from "../model/mapping.ts";
import { type Format, IRREGULAR } from "../rows/inverse/inverse.ts";
import type { FailbackColumn } from "./failback-table.ts";

/** What application, ORM or taste decides, and not the type: a database mostly has one way of writing these. */
const BY_HABIT: readonly Conversion["kind"][] = ["timestamp", "time", "uuid", "json", "network"];

/** How the columns of a database write values of a type: what a column without values is likely to be read as. */
export class Habits {
  readonly #seen = new Map<string, Map<Format, number>>();

  see({ column, formats }: FailbackColumn): void {
    const { conversion } = column;
    if (!BY_HABIT.includes(conversion.kind)) return;
    const counts = this.#seen.get(groupOf(conversion)) ?? new Map<Format, number>();
    this.#seen.set(groupOf(conversion), counts);
    for (const [format, count] of formats.seen) {
      const name = unitOf(conversion, format);
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
  }

  /** The most frequent form first; nothing where the type has no form of its own, or was never seen. */
  of({ column: { conversion } }: FailbackColumn): Format[] {
    const own = this.#byFrequency(groupOf(conversion));
    if (conversion.kind !== "timestamp") return own;
    const other = this.#byFrequency(groupOf({ ...conversion, zone: !conversion.zone }));
    return [...own, ...other.map((format) => (conversion.zone ? format : withoutZone(format)))].flatMap((format) =>
      plain(conversion, format),
    );
  }

  #byFrequency(group: string): Format[] {
    return [...(this.#seen.get(group) ?? [])]
      .filter(([format]) => format !== IRREGULAR)
      .sort(([, a], [, b]) => b - a)
      .map(([format]) => format);
  }
}

function groupOf(conversion: Conversion): string {
  return conversion.kind === "timestamp" ? `timestamp ${conversion.zone}` : conversion.kind;
}

/** An epoch with what it counts: of another unit it would be another time. */
function unitOf(conversion: Conversion, format: Format): Format {
  return conversion.kind === "timestamp" && format === "epoch" ? `epoch ${conversion.epoch ?? ""}` : format;
}

function plain(conversion: Extract<Conversion, { kind: "timestamp" }>, format: Format): Format[] {
  if (!format.startsWith("epoch ")) return [format];
  return format === `epoch ${conversion.epoch ?? ""}` ? ["epoch"] : [];
}

/** The target's column has no zone: what says one would not go forward again. */
function withoutZone(format: Format): Format {
  return format.startsWith("epoch") ? format : format.replace(/^([ T])(m|\d).*$/, "$1$2");
}
