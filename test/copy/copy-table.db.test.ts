import { setTimeout as delay } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { copyTable } from "../../src/copy/copy-table.ts";
import { TargetError } from "../../src/errors.ts";
import { openSource } from "../../src/source/source.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { ONLY_KEY } from "../support/only-key.ts";
import { sqliteFile } from "../support/source.ts";

it("tells of a connection that is lost while the next page is read, instead of ending the process", async () => {
  const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1), (2)");
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on("unhandledRejection", hear);
  onTestFinished(() => void process.off("unhandledRejection", hear));
  const rest = async () => delay(20);
  await expect(
    copyTable(source, losingSession(), {
      run: "r",
      mapping: ONLY_KEY,
      state: STATE,
      loggedSince: 0n,
      maxRows: 1,
      onRows: () => {},
      rest,
    }),
  ).rejects.toMatchObject({ code: "TARGET_LOST" });
  expect(unheard).toEqual([]);
});

const STATE = { id: 1, source: "t", rows: 2, copied: 0, position: null, done: false };

/** A session whose connection goes as soon as rows are on their way. */
function losingSession(): TargetSession {
  const session: Partial<TargetSession> = {
    run: () => Promise.resolve(),
    transaction: (work) => work(session as TargetSession),
    copyIn: () =>
      Promise.resolve({
        write: () => Promise.reject(new TargetError({ code: "TARGET_LOST", message: "lost", hint: "" })),
        finish: () => Promise.resolve(),
        abort: () => Promise.resolve(),
      }),
  };
  return session as TargetSession;
}
