import { setTimeout as delay } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { interruptAutovacuum } from "../../src/target/interrupt-autovacuum.ts";
import { emptyTarget } from "../support/target.ts";

const T = { schema: "public", name: "t" };

it("waits for a vacuum, lets others write meanwhile, and continues after a timeout", async () => {
  const { session, target } = await emptyTarget("create table t(id integer primary key)");
  const [vacuum, writer] = [await target.session(), await target.session()];
  onTestFinished(() => target.close());
  await vacuum.run("begin; lock table t in share update exclusive mode");
  const started = performance.now();
  const waiting = interruptAutovacuum(session, [T], 400);
  await delay(50);
  await writer.run("insert into t values (1)");
  expect(performance.now() - started).toBeLessThan(300);
  await waiting;
  expect(performance.now() - started).toBeGreaterThan(350);
  await vacuum.run("rollback");
  await interruptAutovacuum(session, [T]);
  await interruptAutovacuum(session, []);
  await writer.run("insert into t values (2)");
});
