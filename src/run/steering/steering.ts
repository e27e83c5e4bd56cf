import { ChangeoverError, messageOf } from "../../errors.ts";
import { type ControlCommand, controlRefusal, type Steering } from "../../model/control.ts";
import type { Phase } from "../../model/run.ts";
import { pause } from "../../retry.ts";
import type { Backend } from "../../target/backend-state.ts";
import { stateOf } from "../../target/state-schema.ts";
import {
  answerRequest,
  type ControlAnswer,
  type ControlRequest,
  claimRequest,
  hasControl,
} from "../../target/store/control-store.ts";
import { loadSteering, setPaused, setRate } from "../../target/store/steering-store.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Context, SteeredBy } from "../context.ts";
import { endEntry, holdEntry } from "../history/store.ts";
import { LoadReport } from "./measure-load.ts";

/** What a command does when it is asked for; each resolves to a sentence for who asked, or throws. */
export interface SteeringHandlers {
  /** Null: the command compares everything by itself. */
  readonly verify: (() => Promise<string>) | null;
  readonly cutover: (request: Extract<ControlCommand, { action: "cutover" }>) => Promise<string>;
}

const LOOK_EVERY_MS = 500;
const END_WITHIN_MS = 2_000;
const QUIET_WITHIN_MS = 200;

/** Reads what people ask of the run, as long as a command works on it, and does it. */
export class RunSteering implements SteeredBy {
  readonly #context: Context;
  readonly #handlers: SteeringHandlers;
  readonly #load: LoadReport;
  readonly #stop = new AbortController();
  readonly #backends = new Set<number>();
  readonly #underWay = new Map<ControlCommand["action"], Promise<void>>();
  #known: Steering | null = null;
  #following: Promise<void> | null = null;
  #looking: Promise<void> = Promise.resolve();
  #isQuiet = false;
  isCutoverAsked = false;

  /** `context` is the one that the command works with, this steering included. */
  constructor(context: Context, handlers: SteeringHandlers) {
    this.#context = context;
    this.#handlers = handlers;
    this.#load = new LoadReport(context);
  }

  holdsLock({ pid }: Backend): void {
    this.#backends.add(pid);
    this.#following ??= this.#follow();
  }

  async whileQuiet<T>(work: () => Promise<T>): Promise<T> {
    this.#isQuiet = true;
    // A look at a target that has fallen silent must not hold the fence up.
    await Promise.race([this.#looking.catch(() => {}), pause(QUIET_WITHIN_MS)]);
    try {
      return await work();
    } finally {
      this.#isQuiet = false;
    }
  }

  /** What is under way is answered first. A target that has fallen silent must not keep the command from ending. */
  async end(): Promise<void> {
    await Promise.race([Promise.all(this.#underWay.values()), pause(END_WITHIN_MS)]);
    this.#stop.abort();
    await Promise.race([this.#following, pause(QUIET_WITHIN_MS)]);
  }

  async #follow(): Promise<void> {
    let session: TargetSession | null = null;
    while (!this.#stop.signal.aborted) {
      try {
        session ??= await this.#context.target.session();
        if (!this.#isQuiet) {
          this.#looking = this.#look(session);
          await this.#looking;
        }
      } catch {
        // The command itself says that the target is lost. What is asked waits for the next look.
        await session?.close().catch(() => {});
        session = null;
      }
      await pause(LOOK_EVERY_MS, this.#stop.signal);
    }
    await session?.close().catch(() => {});
  }

  async #look(session: TargetSession): Promise<void> {
    if (!(await hasControl(session))) return;
    const [run] = await session.rows<{ id: string; phase: Phase }>(`select id, phase from ${stateOf(session)}.run`);
    if (run === undefined) return;
    this.#apply(await loadSteering(session, run.id));
    await this.#load.step(session, run.id);
    const request = await claimRequest(session, run.id, [...this.#backends]);
    if (request === null) return;
    if (request.history !== null) await holdEntry(session, request.history);
    this.#context.report({ kind: "step", message: `${request.askedBy} asks for ${named(request.command)}` });
    const refusal = controlRefusal(request.command.action, run.phase);
    if (refusal !== null) return this.#answer(session, request, refused(refusal));
    await this.#take(session, run.id, request);
  }

  async #take(session: TargetSession, run: string, request: ControlRequest): Promise<void> {
    const { askedBy, command } = request;
    switch (command.action) {
      case "pause":
        await setPaused(session, run, askedBy);
        break;
      case "resume":
        await setPaused(session, run, null);
        break;
      case "max-rate":
        await setRate(session, run, { by: askedBy, maxRate: command.maxRate });
        break;
      case "abort":
        await this.#answer(session, request, done("it ends in good order"));
        return this.#context.stop();
      case "verify":
        if (this.#handlers.verify === null)
          return this.#answer(
            session,
            request,
            refused("this command compares all rows by itself before it cuts over"),
          );
        return this.#begin(request, this.#handlers.verify);
      case "cutover":
        this.isCutoverAsked = true;
        return this.#begin(request, () => this.#handlers.cutover(command));
    }
    this.#apply(await loadSteering(session, run));
    await this.#answer(session, request, done(DONE[command.action]));
  }

  /** Goes on alongside what the command does. Its answer needs a session of its own. */
  #begin(request: ControlRequest, work: () => Promise<string>): void {
    const { action } = request.command;
    const working = work()
      .then(done, failed)
      .then((answer) => this.#answerApart(request, answer))
      .finally(() => this.#underWay.delete(action));
    this.#underWay.set(action, working);
  }

  async #answerApart(request: ControlRequest, answer: ControlAnswer): Promise<void> {
    if (request.command.action === "cutover") this.isCutoverAsked = false;
    try {
      const session = await this.#context.target.session();
      await this.#answer(session, request, answer).finally(() => session.close());
    } catch {
      // The target is lost: the history says that it did not end.
    }
  }

  async #answer(session: TargetSession, request: ControlRequest, answer: ControlAnswer): Promise<void> {
    if (answer.state === "refused") this.#context.report({ kind: "warning", message: answer.answer });
    await answerRequest(session, request.id, answer);
    if (request.history === null) return;
    const outcome = answer.state === "done" ? "done" : "not-done";
    const details = { asked_by: request.askedBy, answer: answer.answer };
    await endEntry(session, request.history, { outcome, code: answer.code, details });
  }

  #apply(steering: Steering): void {
    const { report, throttle } = this.#context;
    const before = this.#known;
    this.#known = steering;
    throttle.setPaused(steering.paused !== null);
    throttle.setMaxRate(steering.rate === null ? undefined : steering.rate.maxRate);
    if (steering.paused !== null && (before === null || before.paused === null))
      report({
        kind: "warning",
        message: `${steering.paused.by} has paused the run: \`changeover control resume\` lets it go on`,
      });
    if (steering.paused === null && before !== null && before.paused !== null)
      report({ kind: "step", message: "the run goes on" });
    if (steering.rate !== null && steering.rate.at !== before?.rate?.at)
      report({ kind: "step", message: `${steering.rate.by} has set the rate: ${rateOf(steering.rate.maxRate)}` });
  }
}

const DONE = { pause: "paused", resume: "the run goes on", "max-rate": "the rate holds" } as const;

function named(command: ControlCommand): string {
  return command.action === "max-rate" ? `a rate of ${rateOf(command.maxRate)}` : command.action;
}

function rateOf(maxRate: number | null): string {
  return maxRate === null ? "no limit" : `${maxRate.toLocaleString("en-US")} rows/s at most`;
}

function done(answer: string): ControlAnswer {
  return { state: "done", code: null, answer };
}

function refused(answer: string): ControlAnswer {
  return { state: "refused", code: "CONTROL_REFUSED", answer };
}

function failed(error: unknown): ControlAnswer {
  const code = error instanceof ChangeoverError ? error.code : "BUG";
  return { state: "refused", code, answer: messageOf(error) };
}
