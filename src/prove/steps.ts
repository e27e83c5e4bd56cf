import { ChangeoverError, InterruptedError, messageOf } from "../errors.ts";
import type { Report } from "../log.ts";
import { openConnection } from "../migrate/connection.ts";
import type { LoadedMigration } from "../migrate/load.ts";
import { type MigrationSql, renderMigration, renderOn } from "../migrate/render-migration.ts";
import { type Allowance, allowancesOf, isAllowed } from "./allowances.ts";
import { type Catalogue, compareCatalogues, readCatalogue, readStorage } from "./catalogue.ts";
import type { ProblemCode } from "./proof-code.ts";
import { runDown, runUp } from "./run-migrations.ts";
import type { ScratchDatabase } from "./scratch.ts";

/** Something that a proof found wrong. */
export interface Problem {
  readonly code: ProblemCode;
  /** Null where it is about all of them together. */
  readonly migration: string | null;
  readonly message: string;
  readonly hint: string;
  /** Lines of the catalogue that should be there, and are not. */
  readonly missing: readonly string[];
  /** Lines that are there, and should not be. */
  readonly extra: readonly string[];
}

export interface StepProof {
  readonly migration: string;
  /** `one-way`: it has no down, and says that this is meant. */
  readonly outcome: "proved" | "failed" | "one-way";
  readonly problems: readonly Problem[];
  /** Tables whose columns its down leaves in another order. */
  readonly reordered: readonly string[];
  /** Tables of before that its up wrote anew, as PostgreSQL did here. */
  readonly rewritten: readonly string[];
  /** Its SQL as of the state in which it ran; null where it does not say. */
  readonly sql: MigrationSql | null;
}

export interface StepsProof {
  readonly steps: readonly StepProof[];
  /** The catalogue before the first migration, and after each. */
  readonly catalogues: readonly Catalogue[];
}

export interface ProveStepsOptions {
  readonly scratch: ScratchDatabase;
  readonly directory: string;
  readonly migrations: readonly LoadedMigration[];
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Takes each migration up, down and up again, in its turn. After a down that does not undo its up the database is made anew, so
 * that each migration is judged by itself; only an up that fails ends it, since nothing can come after.
 */
export async function proveSteps(options: ProveStepsOptions): Promise<StepsProof> {
  const { migrations, report, scratch, signal } = options;
  await scratch.renew();
  const catalogues: Catalogue[] = [await readCatalogue(scratch.session)];
  const steps: StepProof[] = [];
  for (const [index, migration] of migrations.entries()) {
    if (signal.aborted) throw new InterruptedError();
    const before = catalogues[index] ?? [];
    const step = new Step(options, migration, before);
    steps.push(await step.prove());
    if (step.after === null) break;
    catalogues.push(step.after);
    if (step.spoiled && index + 1 < migrations.length) {
      await scratch.renew();
      await runUp(scratch.url, options.directory, index + 1);
    }
    report({ kind: "progress", phase: "prove", done: index + 1, total: migrations.length, unit: "migrations", detail: migration.name });
  }
  return { steps, catalogues };
}

class Step {
  /** Null when the up failed. */
  after: Catalogue | null = null;
  /** Whether the database is no longer in the state after the up. */
  spoiled = false;
  readonly #options: ProveStepsOptions;
  readonly #migration: LoadedMigration;
  readonly #before: Catalogue;
  readonly #allowances: readonly Allowance[];
  readonly #problems: Problem[] = [];
  #reordered: readonly string[] = [];

  constructor(options: ProveStepsOptions, migration: LoadedMigration, before: Catalogue) {
    this.#options = options;
    this.#migration = migration;
    this.#before = before;
    this.#allowances = allowancesOf(migration);
  }

  async prove(): Promise<StepProof> {
    const { name } = this.#migration;
    const sql = (await this.#sqlNow("up")) ?? null;
    const rewritten: string[] = [];
    let oneWay = false;
    if (await this.#up("UP_FAILED", `${name} cannot be applied`, "correct its up half")) {
      oneWay = (await this.#undo()) === "one-way";
      rewritten.push(...this.#rewritten);
    }
    return { migration: name, outcome: this.#problems.length > 0 ? "failed" : oneWay ? "one-way" : "proved", problems: this.#problems, reordered: this.#reordered, rewritten, sql };
  }

  #rewritten: readonly string[] = [];

  async #undo(): Promise<"one-way" | "undone"> {
    const { name } = this.#migration;
    const { directory, scratch } = this.#options;
    if ((await this.#sqlNow("down")) === null) {
      if (isAllowed(this.#allowances, "DOWN_MISSING", name)) return "one-way";
      this.#found("DOWN_MISSING", `${name} has no down half: nothing can undo it`, "write one under `-- Down Migration`, or say `-- changeover: allow DOWN_MISSING` in the file where there is none to write");
      return "one-way";
    }
    try {
      await runDown(scratch.url, directory, 1);
    } catch (error) {
      this.spoiled = true;
      this.#found("DOWN_FAILED", `${name} cannot be undone: ${reasonOf(error)}`, "correct its down half");
      return "undone";
    }
    const down = await this.#compare(this.#before, "DOWN_DIFFERS", `the down half of ${name} does not undo its up half`, "make the down half remove what is left and bring back what is missing; what cannot be undone may be allowed with `-- changeover: allow DOWN_DIFFERS object`");
    this.#reordered = down;
    if (this.spoiled) return "undone";
    const first = this.after ?? [];
    if (!(await this.#up("UP_AGAIN_FAILED", `${name} cannot be applied again after its down half`, "make the down half remove all that the up half makes"))) {
      this.spoiled = true;
      return "undone";
    }
    this.after = first;
    await this.#compare(first, "UP_AGAIN_DIFFERS", `${name} makes something else when it is applied again after its down half`, "make the down half leave what was there before the up half");
    return "undone";
  }

  async #up(code: ProblemCode, message: string, hint: string): Promise<boolean> {
    const { directory, scratch } = this.#options;
    try {
      const stored = await readStorage(scratch.session);
      await runUp(scratch.url, directory, 1);
      const storedNow = await readStorage(scratch.session);
      this.#rewritten = [...stored].flatMap(([table, storage]) => (storedNow.has(table) && storedNow.get(table) !== storage ? [table] : []));
      this.after = await readCatalogue(scratch.session);
      return true;
    } catch (error) {
      this.#found(code, `${message}: ${reasonOf(error)}`, hint);
      return false;
    }
  }

  /** Compares what is there now; returns the tables whose columns are in another order. */
  async #compare(expected: Catalogue, code: ProblemCode, message: string, hint: string): Promise<readonly string[]> {
    const { extra, missing, reordered } = compareCatalogues(expected, await readCatalogue(this.#options.scratch.session));
    const wrong = { missing: missing.filter((line) => !isAllowed(this.#allowances, code, line)), extra: extra.filter((line) => !isAllowed(this.#allowances, code, line)) };
    if (wrong.missing.length + wrong.extra.length > 0) {
      this.spoiled = true;
      this.#problems.push({ code, migration: this.#migration.name, message, hint, ...wrong });
    }
    return reordered;
  }

  #found(code: ProblemCode, message: string, hint: string): void {
    this.#problems.push({ code, migration: this.#migration.name, message, hint, missing: [], extra: [] });
  }

  /** What it would run on the database as it stands. Undefined for a script that does not say without writing. */
  async #sqlNow(direction: "up" | "down"): Promise<MigrationSql | null | undefined> {
    if (this.#migration.file.endsWith(".sql")) return renderMigration(this.#migration, direction);
    const connection = await openConnection(this.#options.scratch.url);
    try {
      return await renderOn(connection, this.#migration, direction);
    } catch {
      return undefined;
    } finally {
      await connection.close();
    }
  }
}

/** What PostgreSQL or the script said, without our words around it but the line. */
export function reasonOf(error: unknown): string {
  const said = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
  const line = error instanceof ChangeoverError ? error.context["line"] : null;
  return typeof line === "number" ? `line ${line}: ${said}` : said;
}
