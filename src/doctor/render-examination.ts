import type { Examination } from "./examine.ts";
import type { MachineFacts } from "./examine-machine.ts";
import type { FileFacts, SourceExamination } from "./examine-source.ts";
import type { ExaminedServer, TargetExamination } from "./examine-target.ts";
import type { Trouble } from "./trouble.ts";

type Line = readonly [label: string, text: string];

/** One page of plain text, to be pasted into a bug report. */
export function renderExamination({ machine, source, target }: Examination): string {
  return [
    section("machine", machineLines(machine)),
    section("source", sourceLines(source)),
    section("target", targetLines(target)),
  ].join("\n\n");
}

function section(title: string, lines: readonly Line[]): string {
  return [title, ...lines.map(([label, text]) => `  ${label.padEnd(16)}${text}`)].join("\n");
}

function machineLines(machine: MachineFacts): Line[] {
  const libraries = machine.libraries.map(({ name, version }) => `${name} ${version ?? "missing"}`);
  const { fileSystem, freeBytes } = machine.directory;
  return [
    ["changeover", machine.changeover],
    ["runtime", machine.runtime],
    ["system", `${machine.system}, ${machine.architecture}${machine.isContainer === true ? ", in a container" : ""}`],
    [
      "processors",
      `${machine.processors}, ${bytes(machine.memoryBytes)} of memory, ${bytes(machine.freeMemoryBytes)} free`,
    ],
    ["user", machine.isAdministrator === null ? "not known" : machine.isAdministrator ? "root" : "an ordinary one"],
    ["directory", `on ${fileSystem ?? "an unknown file system"}, ${bytes(freeBytes)} free`],
    ["libraries", libraries.join(", ")],
    ["variables", machine.variables.length === 0 ? "none" : `${machine.variables.join(", ")} (values not shown)`],
    ["time", machine.time],
  ];
}

function sourceLines(source: SourceExamination): Line[] {
  if (source.state === "not-given") return [["state", "none is given"]];
  if (source.state === "failed") return troubleLines(source.error);
  const { file, journalMode, pageSize, pages } = source;
  return [
    ["location", `${source.location} (${source.kind})`],
    ["SQLite", `${source.sqlite}, ${source.encoding}`],
    ...(journalMode === null ? [] : [["journal mode", journalMode] satisfies Line]),
    ...(pages === null ? [] : [["pages", `${pages} of ${pageSize} bytes, ${source.freePages} unused`] satisfies Line]),
    [
      "schema",
      `${source.tables} tables, ${source.indexes} indexes, ${source.views} views, ${source.triggers} triggers, ` +
        `user_version ${source.userVersion ?? "not asked"}`,
    ],
    ["of changeover", source.ownObjects === 0 ? "nothing" : `${source.ownObjects} objects (capture or a fence)`],
    ...(file === null ? [] : fileLines(file)),
  ];
}

function fileLines(file: FileFacts): Line[] {
  const { processes, unseen } = file.holders;
  const seen = processes.map(({ command, pid }) => `${command} (${pid})`).join(", ") || "no other process";
  const owner = file.isOwn === null ? "" : file.isOwn ? ", own" : ", another user's";
  return [
    ["file", `${bytes(file.bytes)}${file.mode === null ? "" : `, mode ${file.mode}`}${owner}`],
    [
      "WAL",
      `${file.walBytes === null ? "no -wal file" : bytes(file.walBytes)}, ` +
        `${file.hasSharedMemory ? "with" : "no"} -shm file`,
    ],
    [
      "file system",
      `${file.fileSystem ?? "unknown"}${file.isNetwork ? " (network: locks may not work)" : ""}, ` +
        `${bytes(file.freeBytes)} free`,
    ],
    [
      "held open by",
      unseen === null
        ? "not known: this system does not show the files of processes"
        : `${seen}${unseen === 0 ? "" : `; ${unseen} processes of other users cannot be seen`}`,
    ],
  ];
}

function targetLines(target: TargetExamination): Line[] {
  if (target.state === "not-given") return [["state", "none is given, and no embedded PostgreSQL runs here"]];
  if (target.state === "failed") return [["place", target.place ?? "not known"], ...troubleLines(target.error)];
  const { clock, connections, privileges, settings, tls } = target;
  const encrypted = tls.isEncrypted ? `${tls.version ?? "yes"} (${tls.cipher ?? "unknown cipher"})` : "none";
  return [
    ["place", target.place],
    ["server", target.server],
    ["state", serverState(target)],
    ["TLS", `${encrypted}, sslmode ${tls.mode}${target.pooling === "none" ? "" : ", as the server sees its pooler"}`],
    ["pooler", target.pooling === "none" ? "none seen" : `in ${target.pooling} mode`],
    ["privileges", privilegeText(privileges)],
    [
      "connections",
      `${connections.open} of ${connections.max}` +
        (connections.maxOfRole === null ? "" : `, ${connections.maxOfRole} of this role at most`),
    ],
    [
      "settings",
      Object.entries(settings)
        .map(([name, value]) => `${name} ${value}`)
        .join(", "),
    ],
    ["database", `${bytes(target.databaseBytes)}, ${target.encoding}, collation ${target.collation}`],
    ["free space", "not known: PostgreSQL does not tell it over a connection"],
    ["clock", `${signed(clock.differenceMs)} ms (± ${clock.uncertainMs} ms) from this machine's, ${clock.timeZone}`],
    ["run", target.phase ?? "none"],
  ];
}

function serverState({ isReadOnly, isStandby, waitsForStandby }: ExaminedServer): string {
  const facts = [
    ...(isStandby ? ["a standby"] : []),
    ...(isReadOnly ? ["read-only"] : []),
    ...(waitsForStandby ? ["commits wait for a standby that is not there"] : []),
  ];
  return facts.length === 0 ? "takes writes" : facts.join(", ");
}

function privilegeText(privileges: ExaminedServer["privileges"]): string {
  const may = (isAllowed: boolean | null, what: string) =>
    isAllowed === null ? [] : [`${isAllowed ? "may" : "may not"} ${what}`];
  return [
    privileges.isSuperuser ? "superuser" : "no superuser",
    ...may(privileges.mayCreateTable, "create tables"),
    ...may(privileges.mayCreateSchema, "create schemas"),
    ...may(privileges.mayUseOwnSchema, "use the schema changeover"),
    ...may(privileges.mayCreateDatabase, "create databases"),
    ...may(privileges.maySetReplica, "set session_replication_role"),
  ].join(", ");
}

function troubleLines({ code, hint, message }: Trouble): Line[] {
  return [["error", `${message} [${code}]`], ...(hint === null ? [] : [["hint", hint] satisfies Line])];
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

function bytes(number: number | null): string {
  if (number === null) return "unknown space";
  let unit = 0;
  let size = number;
  for (; size >= 1_024 && unit < UNITS.length - 1; unit++) size /= 1_024;
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}

function signed(number: number): string {
  return number < 0 ? `−${-number}` : `+${number}`;
}
