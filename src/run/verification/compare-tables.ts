import { InterruptedError } from "../../errors.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Work } from "../../throttle/throttle-policy.ts";
import type { TableVerification, VerifyOptions } from "../../verify/verify-run.ts";
import { FEW_ROWS, withSmallTogether } from "../../verify/verify-small-tables.ts";
import type { JobInput } from "../../workers/jobs.ts";
import type { Context } from "../context.ts";
import type { Worker } from "../on-workers.ts";
import type { ComparedSizes } from "./compared-sizes.ts";
import type { Pass } from "./verification-pass.ts";
import { verifyInParts } from "./verify-in-parts.ts";

/** In the target. To start the processes takes as long as comparing a smaller table. */
const MIN_BYTES_IN_PARTS = 128 << 20;

/** Of the time, for a comparison that nobody waits for. */
const GENTLE_SHARE = 1 / 4;

export interface VerifyAllOptions {
  readonly whileBehind?: () => Promise<void>;
  /** Compares everything again, also what an interrupted comparison has compared. */
  readonly restart?: boolean;
  /** Takes a share of the time only: nobody waits for it. */
  readonly isGentle?: boolean;
  /** Called once, when half of the rows are compared. */
  readonly onHalf?: () => void;
}

export interface ComparisonOptions {
  readonly context: Context;
  readonly plain: VerifyOptions & { readonly whileBehind: () => Promise<void> };
  readonly options: VerifyAllOptions;
  readonly sizes: ComparedSizes;
  readonly pass: Pass | null;
  readonly onRows: (table: string, rows: number) => void;
}

/** What is compared of a run's tables, and how. */
export class RunComparison {
  readonly #compared = new Map<number, TableVerification>();
  readonly #of: ComparisonOptions;
  readonly #how: Omit<JobInput<"verifySmall">, "mappings">;

  constructor(of: ComparisonOptions) {
    this.#of = of;
    const { captured, rowidsDropped, run, tooFarBehind } = of.plain;
    this.#how = {
      run,
      captured,
      rowidsDropped: rowidsDropped === true,
      tooFarBehind,
      byPages: of.context.throttle.maxRows !== null,
    };
  }

  /** Large tables by several workers at once, where there are fewer tables than those. */
  async inParts(processes: number): Promise<void> {
    const { context, onRows, pass, plain, sizes } = this.#of;
    if (sizes.items.length >= processes || context.throttle.maxRows !== null) return;
    for (const mapping of sizes.items) {
      if (sizes.bytes(mapping) < MIN_BYTES_IN_PARTS || this.#isBegun(mapping)) continue;
      const table = await verifyInParts({ context, options: plain, processes, onRows }, mapping);
      if (table === null) continue;
      this.#compared.set(mapping.id, table);
      await pass?.progress.save(mapping, { position: null, rows: table.rows, done: true });
    }
  }

  /** Tables that are to be compared, small ones together. */
  left(): readonly (readonly TableMapping[])[] {
    const { sizes } = this.#of;
    return withSmallTogether(
      sizes.items.filter(({ id }) => !this.#compared.has(id)),
      (mapping) => sizes.rows(mapping) <= FEW_ROWS && !this.#isBegun(mapping),
    );
  }

  async compare(mappings: readonly TableMapping[], worker: Worker): Promise<void> {
    if (mappings.length > 1) await this.#together(mappings, worker);
    for (const mapping of mappings) if (!this.#compared.has(mapping.id)) await this.#alone(mapping, worker);
  }

  tables(mappings: readonly TableMapping[]): TableVerification[] {
    return mappings.flatMap(({ id }) => this.#compared.get(id) ?? []);
  }

  #isBegun(mapping: TableMapping): boolean {
    return this.#of.pass?.progress.of(mapping) != null;
  }

  async #alone(mapping: TableMapping, worker: Worker): Promise<void> {
    const { onRows, options, pass, plain } = this.#of;
    const known = pass === null ? {} : { known: pass.progress.of(mapping) };
    const table = await worker.do(
      "verify",
      { ...this.#how, mapping, ...known },
      {
        onRows,
        rest: this.#rest,
        whileBehind: options.whileBehind ?? plain.whileBehind,
        save: async (progress) => pass?.progress.save(mapping, progress),
      },
    );
    this.#compared.set(mapping.id, { ...table, mapping });
  }

  /** Those that are not equal at once are left for later. */
  async #together(mappings: readonly TableMapping[], worker: Worker): Promise<void> {
    if (worker.signal.aborted) throw new InterruptedError();
    const { onRows, pass } = this.#of;
    const equal = await worker.do("verifySmall", { ...this.#how, mappings }, { onRows, rest: this.#rest });
    for (const table of equal) this.#compared.set(table.mapping.id, table);
    await pass?.saveDone(equal);
  }

  readonly #rest = (page: Work) =>
    this.#of.context.throttle.rest(page, this.#of.options.isGentle === true ? { share: GENTLE_SHARE } : {});
}
