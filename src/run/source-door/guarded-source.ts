import type { ReadOptions, Source, SourceSnapshot, SourceWriter, WriteOptions } from "../../source/source.ts";
import { type Context, withSession } from "../context.ts";
import { type DoorOptions, passDoor, recordSource } from "./source-door.ts";

/** The source of a run, as all commands get it: whatever they ask of it first, the door is passed before. */
class GuardedSource implements Source {
  readonly #source: Source;
  readonly #pass: () => Promise<void>;
  #passed: Promise<void> | null = null;

  constructor(source: Source, pass: () => Promise<void>) {
    this.#source = source;
    this.#pass = pass;
  }

  get kind(): Source["kind"] {
    return this.#source.kind;
  }

  get location(): string {
    return this.#source.location;
  }

  get path(): string | null {
    return this.#source.path;
  }

  get identity(): Source["identity"] {
    return this.#source.identity;
  }

  async read<T>(work: (tx: SourceSnapshot) => Promise<T>, options?: ReadOptions): Promise<T> {
    await this.#door();
    return this.#source.read(work, options);
  }

  async write<T>(work: (tx: SourceWriter) => Promise<T>, options?: WriteOptions): Promise<T> {
    await this.#door();
    return this.#source.write(work, options);
  }

  async copyInto(file: string): Promise<void> {
    await this.#door();
    return this.#source.copyInto(file);
  }

  async switchToWal(): Promise<string> {
    await this.#door();
    return this.#source.switchToWal();
  }

  setSoleWriter(isAlone: boolean): void {
    this.#source.setSoleWriter(isAlone);
  }

  isContended(): boolean {
    return this.#source.isContended();
  }

  takeOverCheckpoints(): void {
    this.#source.takeOverCheckpoints();
  }

  close(): void {
    this.#source.close();
  }

  /** Once a command; what was refused is looked at again. */
  async #door(): Promise<void> {
    this.#passed ??= this.#pass();
    try {
      await this.#passed;
    } catch (error) {
      this.#passed = null;
      throw error;
    }
  }
}

/** The context of a command that works on a run: its source only opens if it is the run's. */
export function throughDoor(context: Context, options: DoorOptions): Context {
  let guarded: Source | undefined;
  const pass = async () => {
    // What is wrong with the file is said before the target is looked at.
    await context.source.read((tx) => tx.rows("SELECT count(*) FROM sqlite_schema"));
    await withSession(context, (session) => passDoor(context, session, options));
  };
  // Not a spread: that would open what is opened when first asked for.
  return Object.create(context, {
    source: { get: () => (guarded ??= new GuardedSource(context.source, pass)) },
    underLock: {
      // Again: another process may have moved the source before it yielded the run lock.
      value: async (session: Parameters<typeof passDoor>[1]) => {
        await passDoor(context, session, options);
        await recordSource(context, session);
      },
    },
  }) as Context;
}
