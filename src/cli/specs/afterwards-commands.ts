import type { CommandSpec } from "./command-spec.ts";
import { moved, notifyOption, reportOption } from "./shared-options.ts";

export const AFTERWARDS_COMMANDS: readonly CommandSpec[] = [
  {
    name: "rollback",
    group: "afterwards",
    summary: "before the cutover: remove everything; after it: fail back to the source, nothing lost",
    description:
      "Before the cutover: removes capture from the source, empties the target's tables, restores what was deferred " +
      "there and undoes the migrations. Nothing of the run remains; the application never notices. After it: a " +
      "cutover in reverse. Changes of PostgreSQL go back and all rows are compared while the application goes on. " +
      "Then PostgreSQL refuses writes for a moment, the last changes go back and are compared, and the source is " +
      "opened. If anything fails, PostgreSQL goes on as before. Then `sync` goes forward again, and another " +
      "`rollback` removes everything.",
    options: [
      notifyOption,
      {
        flags: "--max-downtime <time>",
        description:
          "after the cutover: how long PostgreSQL may refuse writes before the failback undoes itself (default: 2s)",
      },
      {
        flags: "--accept-loss",
        description:
          "after the cutover: fail back without what the source cannot hold, such as tables and columns made since; " +
          "it is listed before anything is fenced (default: ask at a terminal, else refuse)",
      },
      ...moved,
    ],
    example: "changeover rollback --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "complete",
    group: "afterwards",
    summary: "after the cutover: end the run; no failback from then on",
    description:
      "Removes the failback and everything else of changeover from the target's tables, validates foreign keys, and " +
      "removes capture from the source. The source stays fenced, since nobody should go on writing to a file that is " +
      "not read any more; `clean` removes the fence. After a failback it removes capture from the source, and the " +
      "target stays as it was then, fenced.",
    options: [notifyOption, reportOption, ...moved],
    example: "changeover complete --source app.db --target postgres://me@localhost/app --yes",
  },
  {
    name: "clean",
    group: "afterwards",
    summary: "remove capture and fence from the source",
    description:
      "Drops everything that changeover added to the source (its names begin with _changeover_), including the fence " +
      "of a cutover. If a target is known, it is asked first whether this is the file of its run.",
    options: [
      {
        flags: "--copy",
        description: "the file is a copy of the run's source: remove capture and fence from the copy",
      },
      ...moved,
    ],
    example: "changeover clean --source app.db --yes",
  },
  {
    name: "postgres",
    group: "server",
    arguments: "<status|start|stop|install>",
    summary: "show, start, stop or install the embedded PostgreSQL",
    description:
      "Shows, starts (and keeps up) or stops the PostgreSQL under ./.changeover/. `full` creates it if no target is " +
      "given, and later commands in this directory use it. `install` downloads its programs by npm (24 MB) into the " +
      "user's cache. It is the only command that reaches for anything but source and target. At a terminal `full` " +
      "offers to do the same.",
    options: [],
    example: "changeover postgres status",
  },
  {
    name: "doctor",
    group: "server",
    summary: "one page about this machine, the source and the target, for a bug report",
    description:
      "Prints versions, the system, the source's file system, journal mode and who holds it open, the target's " +
      "version, TLS, pooler, privileges and clock, and free space. It changes nothing. Passwords, tokens, host " +
      "names, " +
      "users and names of databases, tables and columns are not in it; an error that quotes one is withheld, and its " +
      "code is shown. Exit code 1 if the source or the target cannot be opened.",
    options: [],
    example: "changeover doctor --source app.db --target postgres://me@localhost/app",
  },
  {
    name: "completion",
    arguments: "<bash|zsh|fish>",
    group: "server",
    summary: "a script that completes commands and options in your shell",
    description:
      "Prints the script. bash: add `source <(changeover completion bash)` to ~/.bashrc. zsh: the same with zsh in " +
      "~/.zshrc. fish: `changeover completion fish > ~/.config/fish/completions/changeover.fish`.",
    options: [],
    example: "changeover completion bash",
  },
];
