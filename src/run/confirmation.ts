import { readStructure } from "../contract/read-structure.ts";
import { type ConfirmedBy, leftOutOnly, type Notice, noticeKey } from "../model/left-out.ts";
import { accepts, type Rules } from "../model/rules.ts";
import type { Run } from "../model/run.ts";
import { isMendable, isThere } from "../model/structure.ts";
import { prepareRunStore } from "../schema/migrate/prepare-run-store.ts";
import { renderCount } from "../status/render-count.ts";
import { confirmNotices, loadNotices } from "../target/store/notice-store.ts";
import { loadRun } from "../target/store/run-store.ts";
import type { TargetReader, TargetSession } from "../target/target.ts";
import { type Context, withSession } from "./context.ts";

/** What a person is to know before the run begins, or before the target takes over. */
export interface Announcement {
  /** All that does not come over as it is, and all warnings. */
  readonly notices: readonly Notice[];
  /** Those that nobody has confirmed yet. */
  readonly open: readonly Notice[];
}

/** Says who lets it pass, or null to go on with nothing confirmed; throws to stop before anything more is done. */
export type Confirm = (announcement: Announcement) => Promise<ConfirmedBy | null>;

/** Asks once in a command, and again only for what was not known then. */
export class Confirmation {
  readonly #ask: Confirm | undefined;
  readonly #confirmed = new Map<string, ConfirmedBy>();
  #asked = false;

  constructor(ask?: Confirm) {
    this.#ask = ask;
  }

  /** The notices, with who let them pass. */
  async settle(notices: readonly Notice[]): Promise<Notice[]> {
    const open = this.#known(notices).filter(({ confirmedBy }) => confirmedBy === null);
    if (this.#ask !== undefined && (!this.#asked || open.length > 0)) {
      const by = await this.#ask({ notices: this.#known(notices), open });
      this.#asked = true;
      if (by !== null) for (const notice of open) this.#confirmed.set(noticeKey(notice), by);
    }
    return this.#known(notices);
  }

  #known(notices: readonly Notice[]): Notice[] {
    return notices.map((notice) => ({
      ...notice,
      confirmedBy: notice.confirmedBy ?? this.#confirmed.get(noticeKey(notice)) ?? null,
    }));
  }
}

/** What the run leaves out, without what someone has made in the target meanwhile. */
export async function presentNotices(session: TargetReader, run: string, rules: Rules): Promise<Notice[]> {
  const notices = (await loadNotices(session, run)).map((notice) => ({
    ...notice,
    confirmedBy: notice.confirmedBy ?? (isAccepted(notice, rules) ? ("accept" as const) : null),
  }));
  if (!notices.some((notice) => isMendable(notice, notice.change))) return notices;
  const structure = await readStructure(session);
  return notices.filter((notice) => !(isMendable(notice, notice.change) && isThere(notice, structure)));
}

function isAccepted({ code, kind, name, table }: Notice, rules: Rules): boolean {
  return accepts(rules, { code, table: table ?? "", ...(kind === "column" ? { column: name } : {}) });
}

/** Asks about a run that is there before its lock is taken, so that a sync goes on while someone reads. */
export async function askBeforehand(context: Context, confirmation: Confirmation): Promise<void> {
  await withSession(context, async (session) => {
    const run = await loadRun(session);
    if (run === null || isOver(run)) return;
    await prepareRunStore(session, context.targetUrl);
    await confirmation.settle(await presentNotices(session, run.id, context.rules));
  });
}

/** The same with the lock: what was answered is kept, what came since is asked. */
export async function keepAnswers(
  context: Context,
  session: TargetSession,
  run: Run,
  confirmation: Confirmation,
): Promise<void> {
  if (isOver(run)) return;
  const settled = await confirmation.settle(await presentNotices(session, run.id, context.rules));
  if (settled.some(({ confirmedBy }) => confirmedBy !== null))
    await session.transaction((tx) => confirmNotices(tx, run.id, settled));
}

/** Says what a run that begins without a question leaves out: the cutover asks. */
export function reportLeftOut(context: Context, notices: readonly Notice[], next: "cutover" | "nothing"): void {
  const open = notices.filter(({ confirmedBy }) => confirmedBy === null);
  const left = leftOutOnly(open);
  if (open.length === 0) return;
  const parts = [
    ...(left.length === 0
      ? []
      : [
          `${renderCount(left.length, "thing")} of the schema ${left.length === 1 ? "does" : "do"} not come ` +
            `over as in the source`,
        ]),
    ...(open.length === left.length
      ? []
      : [
          `there ${open.length - left.length === 1 ? "is" : "are"} ` +
            `${renderCount(open.length - left.length, "warning")}`,
        ]),
  ];
  context.report({
    kind: "warning",
    message:
      `${parts.join(", and ")}: \`changeover status\` lists each by ` +
      `name${next === "cutover" ? ", and `changeover cutover` asks to confirm" : ""}`,
  });
}

function isOver({ phase }: Run): boolean {
  return phase === "cut-over";
}
