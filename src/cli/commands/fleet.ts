import { hostname, userInfo } from "node:os";
import { UsageError } from "../../errors.ts";
import { reportTo } from "../../events.ts";
import { askFleet, pauseWholeFleet } from "../../fleet/ask-fleet.ts";
import { FleetDatabase } from "../../fleet/fleet-database.ts";
import { fleetStatus } from "../../fleet/fleet-status.ts";
import { FLEET_ACTIONS, type FleetAction } from "../../fleet/fleet-tenant.ts";
import { workFleet } from "../../fleet/fleet-worker.ts";
import { renderCount } from "../../status/render-count.ts";
import { planForFleet } from "../fleet-plan.ts";
import { oneOf } from "../one-of.ts";
import { renderFleetStatus } from "../render-fleet.ts";
import type { CommandContext, RunVerb } from "../run-command.ts";
import { countFrom, wholeNumber } from "../whole-number.ts";

const VERBS = ["plan", ...FLEET_ACTIONS, "status", "pause", "work"] as const;

export const run: RunVerb = async (context) => {
  const verb = oneOf(context.positional[0] ?? "", VERBS, "fleet");
  refuseOtherOptions(verb, context.options);
  const database = new FleetDatabase(await context.connections.target());
  try {
    switch (verb) {
      case "plan":
        return await planForFleet(context, database);
      case "status":
        return await showStatus(context, database);
      case "pause":
        await pauseWholeFleet(database, `${userInfo().username}@${hostname()}`);
        return await showStatus(context, database);
      case "work":
        await work(context, database, "stopped");
        return 0;
      default:
        return await act(context, database, verb);
    }
  } finally {
    await database.close();
  }
};

const OF_PLAN = [
  ...["sources", "list", "sourcesQuery", "namePattern", "tenantSchema", "canary", "waveSize", "maxFailures"],
  ...["targetConcurrency", "types", "profile", "integers"],
];
const OF_WORK = ["concurrency", "host", "maxDowntime"];
const OF_ACTION = ["tenant", "wave", "retry", "detach", ...OF_WORK];

/** An option that the step does not look at is a mistake, not a wish to be passed over. */
function refuseOtherOptions(verb: (typeof VERBS)[number], options: CommandContext["options"]): void {
  const own = verb === "plan" ? OF_PLAN : verb === "work" ? OF_WORK : isAction(verb) ? OF_ACTION : [];
  const other = [...OF_PLAN, ...OF_ACTION].find((name) => options[name] !== undefined && !own.includes(name));
  if (other === undefined) return;
  const flag = `--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UsageError({
    code: "USAGE",
    message: `fleet ${verb} takes no ${flag}`,
    hint: "`changeover fleet --help` says which option is for which step",
  });
}

function isAction(verb: string): verb is FleetAction {
  return FLEET_ACTIONS.some((action) => action === verb);
}

async function showStatus({ output }: CommandContext, database: FleetDatabase): Promise<number> {
  const status = await fleetStatus(database);
  output.result(renderFleetStatus(status), { ok: status.failed.length === 0, ...status });
  return 0;
}

const QUESTIONS: Readonly<Record<FleetAction, string | null>> = {
  run: null,
  cutover: "switches tenants to PostgreSQL: their files refuse writes from then on",
  rollback: "removes tenants that are in sync from the target, and returns those that were cut over to their files",
  complete: "ends runs of tenants that were cut over: no failback from then on",
};

async function act(context: CommandContext, database: FleetDatabase, action: FleetAction): Promise<number> {
  const { connections, options, output } = context;
  const question = QUESTIONS[action];
  if (question !== null) await connections.confirm(question);
  const tenants = Array.isArray(options["tenant"]) ? options["tenant"].map(String) : [];
  const wave = options["wave"] === undefined ? null : countFrom(options["wave"], "--wave");
  const { asked, failed, passedOver } = await askFleet(database, {
    action,
    tenants,
    wave,
    retry: options["retry"] === true,
  });
  output.say(
    `${action}: ${renderCount(asked, "tenant")}` +
      (passedOver === 0 ? "" : `; ${passedOver} are not concerned as they stand`) +
      (failed === 0 ? "" : `; ${failed} failed before: --retry tries them again`),
  );
  if (options["detach"] !== true) await work(context, database, "idle");
  const status = await fleetStatus(database);
  output.result(renderFleetStatus(status), { ok: status.failed.length === 0, asked, passedOver, ...status });
  return status.failed.length === 0 ? 0 : 1;
}

async function work(context: CommandContext, database: FleetDatabase, until: "stopped" | "idle"): Promise<void> {
  const { connections, options, output, signal } = context;
  const { maxDowntimeMs } = connections.config;
  const report = reporter(context, database);
  await workFleet({
    options: await connections.fleetOptions(),
    host: typeof options["host"] === "string" ? options["host"] : hostname(),
    concurrency: wholeNumber(options["concurrency"] ?? 2, "--concurrency"),
    cutover: maxDowntimeMs === null ? {} : { maxDowntimeMs },
    until,
    signal,
    report: (event) => {
      if (event.kind === "warning") output.say(event.message);
    },
    onProgress: report,
  });
}

const SHOW_EVERY_MS = 2_000;

/** Says how far the fleet is, at what rate, and how long it will take. */
function reporter({ output }: CommandContext, database: FleetDatabase): () => void {
  const report = reportTo(output.onEvent, "copy");
  let [last, isBusy] = [Number.NEGATIVE_INFINITY, false];
  return () => {
    if (isBusy || performance.now() - last < SHOW_EVERY_MS) return;
    isBusy = true;
    void fleetStatus(database)
      .then((status) => {
        last = performance.now();
        const total = status.waves.reduce((sum, { tenants }) => sum + tenants, 0);
        const done = status.waves.reduce((sum, wave) => sum + wave.done, 0);
        report({ kind: "progress", phase: "copy", done, total, unit: "tenants" });
      })
      .catch(() => {})
      .finally(() => {
        isBusy = false;
      });
  };
}
