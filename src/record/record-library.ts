import { addTime, type StatementEntry, type StatementLog } from "./statement-log.ts";

type Method = (this: object, ...args: unknown[]) => unknown;
type Methods = Record<string, unknown>;

/** Where a prepared statement keeps what is counted of it. */
const ENTRY = Symbol("changeover entry");

interface Recorded {
  [ENTRY]?: StatementEntry;
}

/**
 * Records what goes through a class whose `prepare(sql)` returns statements that run at once: that of node:sqlite, of
 * better-sqlite3 and of libsql, which is beneath @libsql/client.
 */
export function recordSynchronous(database: Methods, log: StatementLog): void {
  const { exec, prepare } = database;
  if (!isMethod(prepare)) return;
  const known = new WeakSet<object>();
  database["prepare"] = function (this: object, ...args: unknown[]) {
    const statement = prepare.apply(this, args);
    if (typeof statement !== "object" || statement === null) return statement;
    const methods: Methods = Object.getPrototypeOf(statement) as Methods;
    if (!known.has(methods)) recordStatements(methods, log);
    known.add(methods);
    (statement as Recorded)[ENTRY] = log.entry(String(args[0]));
    return statement;
  };
  if (isMethod(exec))
    database["exec"] = function (this: object, ...args: unknown[]) {
      return measured(log, log.entry(String(args[0])), { call: exec, self: this, args, bound: [] });
    };
}

const STATEMENT_METHODS = ["run", "get", "all", "iterate"];

function recordStatements(methods: Methods, log: StatementLog): void {
  for (const name of STATEMENT_METHODS) {
    const call = methods[name];
    if (!isMethod(call)) continue;
    methods[name] = function (this: object, ...args: unknown[]) {
      const entry = (this as Recorded)[ENTRY];
      return entry === undefined
        ? call.apply(this, args)
        : measured(log, entry, { call, self: this, args, bound: args });
    };
  }
}

interface Call {
  readonly call: Method;
  readonly self: object;
  readonly args: unknown[];
  readonly bound: readonly unknown[];
}

/** A library's method may call another of its own: that is no second execution. */
let isInside = false;

function measured(log: StatementLog, entry: StatementEntry, { args, bound, call, self }: Call): unknown {
  if (isInside) return call.apply(self, args);
  isInside = true;
  const started = log.begin(entry, bound) ? performance.now() : null;
  try {
    return call.apply(self, args);
  } finally {
    isInside = false;
    if (started !== null) addTime(entry, performance.now() - started);
  }
}

/** node:sqlite's statements as tagged templates, from Node 24.9 on: `sql.get`SELECT * FROM t WHERE id = ${1}``. */
export function recordTagged(database: Methods, log: StatementLog): void {
  const { createTagStore } = database;
  if (!isMethod(createTagStore)) return;
  const known = new WeakSet<object>();
  database["createTagStore"] = function (this: object, ...args: unknown[]) {
    const store = createTagStore.apply(this, args);
    if (typeof store !== "object" || store === null) return store;
    const methods = Object.getPrototypeOf(store) as Methods;
    if (!known.has(methods)) recordTags(methods, log);
    known.add(methods);
    return store;
  };
}

function recordTags(methods: Methods, log: StatementLog): void {
  for (const name of STATEMENT_METHODS) {
    const call = methods[name];
    if (!isMethod(call)) continue;
    methods[name] = function (this: object, ...args: unknown[]) {
      const [strings, ...bound] = args;
      if (!Array.isArray(strings)) return call.apply(this, args);
      return measured(log, log.entry(strings.join("?")), { call, self: this, args, bound });
    };
  }
}

/** The same for node-sqlite3, whose methods end by a callback. */
export function recordCallbacks(database: Methods, statement: Methods, log: StatementLog): void {
  const entries = new WeakMap<object, StatementEntry>();
  for (const name of ["run", "get", "all", "each", "exec"]) {
    const call = database[name];
    if (isMethod(call))
      database[name] = function (this: object, ...args: unknown[]) {
        return timedByCallback(log, log.entry(String(args[0])), { call, self: this, args, bound: args.slice(1) });
      };
  }
  const { prepare } = database;
  if (isMethod(prepare))
    database["prepare"] = function (this: object, ...args: unknown[]) {
      const made = prepare.apply(this, args);
      if (typeof made === "object" && made !== null) entries.set(made, log.entry(String(args[0])));
      return made;
    };
  for (const name of ["run", "get", "all", "each"]) {
    const call = statement[name];
    if (isMethod(call))
      statement[name] = function (this: object, ...args: unknown[]) {
        const entry = entries.get(this);
        return entry === undefined
          ? call.apply(this, args)
          : timedByCallback(log, entry, { call, self: this, args, bound: args });
      };
  }
}

function timedByCallback(log: StatementLog, entry: StatementEntry, { args, bound, call, self }: Call): unknown {
  const isTimed = log.begin(entry, bound);
  const last = args.at(-1);
  if (!isTimed || !isMethod(last)) return call.apply(self, args);
  const started = performance.now();
  const ended = function (this: object, ...results: unknown[]) {
    addTime(entry, performance.now() - started);
    return last.apply(this, results);
  };
  return call.apply(self, [...args.slice(0, -1), ended]);
}

function isMethod(value: unknown): value is Method {
  return typeof value === "function";
}
