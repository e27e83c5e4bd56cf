import type { LoadedMigration } from "../migrate/load-migrations.ts";
import { openConnection } from "../migrate/migration-connection.ts";
import type { MigrationPlace } from "../migrate/migration-place.ts";
import { type MigrationSql, renderMigration, renderOn } from "../migrate/render-migration.ts";
import { type Allowance, allowancesOf, isAllowed } from "./allowances.ts";
import type { ProblemCode } from "./proof-code.ts";
import { reasonOf } from "./reason-of.ts";
import { runDown, runUp } from "./run-migrations.ts";
import { compareWithKnown, type KnownCatalogue, readKnownCatalogue, readStorage } from "./schema-catalogue.ts";
import type { ScratchDatabase } from "./scratch-database.ts";
import type { Problem, StepProof } from "./step-proof.ts";
import type { EditSql } from "./untried.ts";

export interface StepOptions {
  readonly scratch: ScratchDatabase;
  readonly place: MigrationPlace;
  readonly migrations: readonly LoadedMigration[];
  /** Leaves out what is not to be run; null if that is nothing. */
  readonly edit: EditSql | null;
}

/** Runs one migration up, down and up again. */
export class Step {
  /** The catalogue after the up; null if it failed. */
  after: KnownCatalogue | null = null;
  /** Whether the database differs from the state after the up. */
  isChanged = false;
  readonly #options: StepOptions;
  readonly #migration: LoadedMigration;
  readonly #before: KnownCatalogue;
  readonly #allowances: readonly Allowance[];
  readonly #problems: Problem[] = [];
  #reordered: readonly string[] = [];
  #rewritten: readonly string[] = [];

  constructor(options: StepOptions, migration: LoadedMigration, before: KnownCatalogue) {
    this.#options = options;
    this.#migration = migration;
    this.#before = before;
    this.#allowances = allowancesOf(migration);
  }

  async prove(): Promise<StepProof> {
    const { name } = this.#migration;
    const sql = (await this.#sqlNow("up")) ?? null;
    const applied = await this.#up("UP_FAILED", `${name} cannot be applied`, "correct its up section");
    const way = applied ? await this.#undo() : "undone";
    const outcome = this.#problems.length > 0 ? "failed" : way === "one-way" ? "one-way" : "proved";
    return {
      migration: name,
      outcome,
      problems: this.#problems,
      reordered: this.#reordered,
      rewritten: this.#rewritten,
      sql,
    };
  }

  async #undo(): Promise<"one-way" | "undone"> {
    const { name } = this.#migration;
    if ((await this.#sqlNow("down")) === null) {
      if (isAllowed(this.#allowances, "DOWN_MISSING", name)) return "one-way";
      this.#addProblem(
        "DOWN_MISSING",
        `${name} has no down section: nothing can undo it`,
        "write one under `-- Down Migration`, or write `-- changeover: allow DOWN_MISSING` in the file if it " +
          "cannot be undone",
      );
      return "one-way";
    }
    try {
      await runDown(this.#options, 1);
    } catch (error) {
      this.isChanged = true;
      this.#addProblem("DOWN_FAILED", `${name} cannot be undone: ${reasonOf(error)}`, "correct its down section");
      return "undone";
    }
    this.#reordered = await this.#compare(
      this.#before,
      "DOWN_DIFFERS",
      `the down section of ${name} does not undo its up section`,
      "the down section must remove what is left and restore what is missing; allow a difference that cannot be " +
        "undone with `-- changeover: allow DOWN_DIFFERS object`",
    );
    if (this.isChanged) return "undone";
    const first = this.after;
    if (first === null) return "undone";
    if (
      !(await this.#up(
        "UP_AGAIN_FAILED",
        `${name} cannot be applied again after its down section`,
        "the down section must remove all that the up section creates",
      ))
    ) {
      this.isChanged = true;
      return "undone";
    }
    await this.#compare(
      first,
      "UP_AGAIN_DIFFERS",
      `${name} has another result when it is applied again after its down section`,
      "the down section must restore the state before the up section",
    );
    return "undone";
  }

  async #up(code: ProblemCode, message: string, hint: string): Promise<boolean> {
    const { scratch } = this.#options;
    try {
      const storageBefore = await readStorage(scratch.session);
      await runUp(this.#options, 1);
      const storageAfter = await readStorage(scratch.session);
      this.#rewritten = [...storageBefore].flatMap(([table, storage]) =>
        storageAfter.has(table) && storageAfter.get(table) !== storage ? [table] : [],
      );
      if (code === "UP_FAILED") this.after = await readKnownCatalogue(scratch.session);
      return true;
    } catch (error) {
      this.#addProblem(code, `${message}: ${reasonOf(error)}`, hint);
      return false;
    }
  }

  /** Compares the catalogue with the expected one; returns tables whose columns have another order. */
  async #compare(
    expected: KnownCatalogue,
    code: ProblemCode,
    message: string,
    hint: string,
  ): Promise<readonly string[]> {
    const { extra, missing, reordered } = await compareWithKnown(this.#options.scratch.session, expected);
    const wrong = {
      missing: missing.filter((line) => !isAllowed(this.#allowances, code, line)),
      extra: extra.filter((line) => !isAllowed(this.#allowances, code, line)),
    };
    if (wrong.missing.length + wrong.extra.length > 0) {
      this.isChanged = true;
      this.#problems.push({ code, migration: this.#migration.name, message, hint, ...wrong });
    }
    return reordered;
  }

  #addProblem(code: ProblemCode, message: string, hint: string): void {
    this.#problems.push({ code, migration: this.#migration.name, message, hint, missing: [], extra: [] });
  }

  /** The SQL that it would run now. Undefined for a script that writes before its SQL is known. */
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
