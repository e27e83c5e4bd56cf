import { openTarget, type TargetSession } from "../../src/target/target.ts";
import { type Contents, digestOf, targetContents } from "./oracle.ts";
import type { FuzzSchema } from "./random-schema.ts";
import { trace } from "./trace.ts";

/** Looks at the target from aside, over connections that nothing befalls. */
export class Observer {
  readonly #schema: FuzzSchema;
  readonly #session: TargetSession;
  readonly #control: TargetSession;
  readonly #url: string;
  readonly #close: () => Promise<void>;
  /** Each state that was seen after the first catch-up, by digest, and when that was first. */
  readonly seen = new Map<string, { readonly place: string; readonly contents: Contents }>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    url: string,
    schema: FuzzSchema,
    sessions: { readonly looking: TargetSession; readonly control: TargetSession },
    close: () => Promise<void>,
  ) {
    this.#url = url;
    this.#schema = schema;
    this.#session = sessions.looking;
    this.#control = sessions.control;
    this.#close = close;
  }

  static async open(url: string, schema: FuzzSchema): Promise<Observer> {
    const target = openTarget({ url });
    return new Observer(url, schema, { looking: await target.session(), control: await target.session() }, () =>
      target.close(),
    );
  }

  /** Makes the application's tables. */
  async prepare(tables: string): Promise<void> {
    // Until the engine leaves its own schema out of the search path: the role is called as that schema is.
    await this.#session.run(`alter database ${new URL(this.#url).pathname.slice(1)} set search_path = public`);
    await this.#session.run(tables);
  }

  /** The target as it stands: in one snapshot. */
  contents(): Promise<Contents> {
    return this.#inTurn(() =>
      this.#session.transaction((tx) => targetContents(tx, this.#schema), { isolation: "repeatable read" }),
    );
  }

  /** Notes what the target shows, from the first catch-up on. */
  look(place: string): Promise<void> {
    return this.#inTurn(() => this.#look(place));
  }

  async #look(place: string): Promise<void> {
    const [there] = await this.#session.rows<{ there: boolean }>(
      "select to_regclass('changeover.run') is not null as there",
    );
    if (there?.there !== true) return;
    const contents = await this.#session.transaction(
      async (tx) => {
        const caughtUp = await tx.rows("select from changeover.run where first_caught_up is not null");
        return caughtUp.length === 0 ? null : targetContents(tx, this.#schema);
      },
      { isolation: "repeatable read" },
    );
    if (contents === null) return;
    const digest = digestOf(contents);
    trace(`${place}: the target shows ${digest.slice(0, 8)}`);
    if (!this.seen.has(digest)) this.seen.set(digest, { place, contents });
  }

  /** Ends backends, and returns when they are gone with all that they held. */
  async terminate(pids: readonly number[]): Promise<void> {
    await this.#control.rows(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid = any($1::int[]) " +
        "and application_name = 'changeover' and pid <> pg_backend_pid()",
      [pids],
    );
    for (;;) {
      const left = await this.#control.rows("select from pg_stat_activity where pid = any($1::int[])", [pids]);
      if (left.length === 0) return;
    }
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** The engine and checks next to it commit at the same time; a session has one transaction. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}
