import { execFileSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AppSpec, Direction } from "./app-spec.ts";
import { type Check, checkShelf, type ShelfOptions, seedShelf, writeToShelf } from "./checks.ts";
import { installApp } from "./install-app.ts";
import { type LiveWrites, missingWrites, startWriting } from "./live-writer.ts";
import { type Program, startProgram } from "./program.ts";

/** One application, moved there and back in one direction. */
export interface MoveResult {
  readonly direction: Direction;
  /** The command that moved it, without paths and URLs. */
  readonly command: string;
  readonly sqlite: readonly Check[];
  readonly postgres: readonly Check[];
  readonly returned: readonly Check[];
  readonly live: readonly LiveResult[];
  /** What a person had to find out, beside the command; null: nothing. */
  readonly byHand: string | null;
  /** What ended the journey before its end. */
  readonly failure: string | null;
  readonly downtimeMs: number | null;
}

export interface LiveResult extends Omit<LiveWrites, "acknowledged"> {
  readonly during: "full" | "rollback";
  readonly acknowledged: number;
  readonly missing: number;
}

const BIN = fileURLToPath(new URL("../../../bin/changeover.js", import.meta.url));

/** Installs the application into a folder of its own, fills it, moves it, and brings it back. */
export async function moveApp(spec: AppSpec, direction: Direction, target: string): Promise<MoveResult> {
  const { folder } = installApp(spec);
  const journey = new Journey(spec, direction, folder, target);
  try {
    await journey.run();
    return journey.result(null);
  } catch (error) {
    return journey.result(error instanceof Error ? error.message : String(error));
  } finally {
    await journey.close();
    if (process.env["KEEP"] === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

class Journey {
  readonly #spec: AppSpec;
  readonly #direction: Direction;
  readonly #folder: string;
  readonly #target: string;
  readonly #file: string;
  readonly #sqlite: Record<string, string>;
  readonly #postgres: Record<string, string>;
  readonly #checks: { sqlite: Check[]; postgres: Check[]; returned: Check[] } = {
    sqlite: [],
    postgres: [],
    returned: [],
  };
  readonly #live: LiveResult[] = [];
  #program: Program | null = null;
  #downtimeMs: number | null = null;

  constructor(spec: AppSpec, direction: Direction, folder: string, target: string) {
    this.#spec = spec;
    this.#direction = direction;
    this.#folder = folder;
    this.#target = target;
    this.#file = join(folder, spec.file ?? "app.db");
    const file = this.#file;
    this.#sqlite = { ...spec.env, APP_SQLITE: file, DATABASE_URL: "" };
    this.#postgres = { ...spec.env, APP_SQLITE: file, DATABASE_URL: target };
  }

  async run(): Promise<void> {
    const [file = "", ...args] = this.#spec.program;
    execute(file, [...args, "schema"], { cwd: this.#folder, env: this.#sqlite });
    if (!existsSync(this.#file)) throw new Error("the application made no database");
    await this.#start(this.#sqlite);
    const seeded = this.#spec.own_checks === true ? this.#app.ask("seed") : seedShelf(this.#app.ask, this.#shelf);
    await seeded;
    this.#checks.sqlite = await this.#check("sqlite");
    const config = this.#spec.config?.[this.#direction];
    if (config !== undefined) writeFileSync(join(this.#folder, "changeover.config.json"), JSON.stringify(config));
    const there = await this.#whileWriting("full", () => changeover(this.#folder, this.#arguments()));
    this.#downtimeMs = downtimeOf(there.printed);
    await this.#start(this.#postgres);
    await this.#settle(there.writes, "full");
    this.#checks.postgres = await this.#check("postgres");
    const back = await this.#whileWriting("rollback", () =>
      changeover(this.#folder, ["rollback", "--yes", "--max-downtime", "20s", ...this.#ends()]),
    );
    await this.#start(this.#sqlite);
    await this.#settle(back.writes, "rollback");
    this.#checks.returned = await this.#check("returned");
  }

  result(failure: string | null): MoveResult {
    const command = ["changeover", ...this.#arguments()]
      .map((word) => (/[ ;&|<>]/.test(word) ? JSON.stringify(word) : word))
      .join(" ")
      .replaceAll(this.#target, "$TARGET")
      .replaceAll(`${this.#folder}/`, "");
    return {
      direction: this.#direction,
      command,
      ...this.#checks,
      live: this.#live,
      byHand: this.#spec.by_hand?.[this.#direction] ?? null,
      failure: failure?.replaceAll(this.#target, "$TARGET").replaceAll(this.#folder, ".") ?? null,
      downtimeMs: this.#downtimeMs,
    };
  }

  async close(): Promise<void> {
    await this.#program?.stop();
    this.#program = null;
  }

  get #app(): Program {
    if (this.#program === null) throw new Error("the application does not run");
    return this.#program;
  }

  async #start(env: Readonly<Record<string, string>>): Promise<void> {
    await this.close();
    this.#program = await startProgram({ command: this.#spec.program, cwd: this.#folder, env });
  }

  #check(place: string): Promise<Check[]> {
    return this.#spec.own_checks === true
      ? this.#app.ask("checks", place)
      : checkShelf(this.#app.ask, place, this.#shelf);
  }

  get #shelf(): ShelfOptions {
    return { wholeSeconds: this.#spec.whole_seconds === true };
  }

  #ends(): string[] {
    return ["--source", this.#file, "--target", this.#target];
  }

  #arguments(): string[] {
    const { preset, directions } = this.#spec;
    const app = preset === undefined ? [] : ["--app", preset];
    const by = this.#direction === "changeover" ? ["--schema-by", "changeover"] : [];
    // Each is an ordinary machine's: a loaded one may need longer than two seconds.
    const common = ["--yes", "--max-downtime", "20s"];
    return ["full", ...app, ...by, ...(directions[this.#direction] ?? []), ...common, ...this.#ends()];
  }

  async #whileWriting(prefix: string, work: () => Promise<string>): Promise<{ printed: string; writes: LiveWrites }> {
    const none = { acknowledged: [], refused: 0, locked: 0, otherErrors: [] };
    if (!this.#spec.live) {
      await this.close();
      return { printed: await work(), writes: none };
    }
    const app = this.#app;
    const writer = startWriting(
      this.#spec.own_checks === true ? (title) => app.ask("write", title) : (title) => writeToShelf(app.ask, title),
      prefix,
    );
    try {
      const printed = await work();
      return { printed, writes: await writer.stop() };
    } finally {
      await writer.stop();
    }
  }

  async #settle(writes: LiveWrites, during: "full" | "rollback"): Promise<void> {
    if (!this.#spec.live) return;
    const missing = await missingWrites(this.#app, writes, during);
    this.#live.push({
      during,
      ...writes,
      otherErrors: [...new Set(writes.otherErrors)],
      acknowledged: writes.acknowledged.length,
      missing,
    });
  }
}

function downtimeOf(printed: string): number | null {
  const line = printed.split("\n").find((line) => line.includes("downtime_ms"));
  const found = /"downtime_ms":\s*([\d.]+)/.exec(line ?? "")?.[1];
  return found === undefined ? null : Number(found);
}

async function changeover(cwd: string, args: readonly string[]): Promise<string> {
  const { spawn } = await import("node:child_process");
  const child = spawn(process.execPath, [BIN, ...args, "--json"], {
    cwd,
    env: { ...process.env, DATABASE_URL: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [printed, said] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-20_000);
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`changeover ${args[0]} ended with ${code}:\n${printed.slice(-3000)}\n${said}`);
  return printed;
}

interface ExecuteOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

function execute(file: string, args: readonly string[], { cwd, env }: ExecuteOptions): void {
  try {
    execFileSync(file, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: Buffer; readonly stderr?: Buffer };
    throw new Error(`${[file, ...args].join(" ")} failed:\n${stdout?.toString()}\n${stderr?.toString()}`);
  }
}
