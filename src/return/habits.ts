import type { Conversion } from "../model/mapping.ts";
import { type Form, IRREGULAR } from "../value/inverse/inverse.ts";
import type { ReturnColumn } from "./return-table.ts";

/** What application, ORM or taste decides, and not the type: a database mostly has one way of writing these. */
const BY_HABIT: readonly Conversion["kind"][] = ["timestamp", "time", "uuid", "json", "network"];

/** How the columns of a database write values of a type: what a column without values is likely to be read as. */
export class Habits {
  readonly #seen = new Map<string, Map<Form, number>>();

  see({ column, forms }: ReturnColumn): void {
    const { conversion } = column;
    if (!BY_HABIT.includes(conversion.kind)) return;
    const counts = this.#seen.get(groupOf(conversion)) ?? new Map<Form, number>();
    this.#seen.set(groupOf(conversion), counts);
    for (const [form, count] of forms.seen) {
      const name = unitOf(conversion, form);
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
  }

  /** The most frequent form first; nothing where the type has no form of its own, or was never seen. */
  of({ column: { conversion } }: ReturnColumn): Form[] {
    const own = this.#byFrequency(groupOf(conversion));
    if (conversion.kind !== "timestamp") return own;
    const other = this.#byFrequency(groupOf({ ...conversion, zone: !conversion.zone }));
    return [...own, ...other.map((form) => (conversion.zone ? form : withoutZone(form)))].flatMap((form) =>
      plain(conversion, form),
    );
  }

  #byFrequency(group: string): Form[] {
    return [...(this.#seen.get(group) ?? [])]
      .filter(([form]) => form !== IRREGULAR)
      .sort(([, a], [, b]) => b - a)
      .map(([form]) => form);
  }
}

function groupOf(conversion: Conversion): string {
  return conversion.kind === "timestamp" ? `timestamp ${conversion.zone}` : conversion.kind;
}

/** An epoch with what it counts: of another unit it would be another time. */
function unitOf(conversion: Conversion, form: Form): Form {
  return conversion.kind === "timestamp" && form === "epoch" ? `epoch ${conversion.epoch ?? ""}` : form;
}

function plain(conversion: Extract<Conversion, { kind: "timestamp" }>, form: Form): Form[] {
  if (!form.startsWith("epoch ")) return [form];
  return form === `epoch ${conversion.epoch ?? ""}` ? ["epoch"] : [];
}

/** The target's column has no zone: what says one would not go forward again. */
function withoutZone(form: Form): Form {
  return form.startsWith("epoch") ? form : form.replace(/^([ T])(m|\d).*$/, "$1$2");
}
