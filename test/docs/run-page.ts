import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import postgres from "postgres";
import { messageOf } from "../../src/errors.ts";
import { type SqlStep, stepsOf } from "./steps.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A command of a page, what the page says that it prints, and what it printed. */
export interface RanCommand {
  readonly page: string;
  readonly line: number;
  readonly command: string;
  readonly expected: readonly string[];
  readonly actual: readonly string[];
}

/** Runs what a page shows in a directory of its own, in one shell, with the real command line. */
export async function runPage(page: string, environment: Readonly<Record<string, string>>): Promise<RanCommand[]> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "page-")));
  const shell = openShell(directory, environment);
  try {
    const ran: RanCommand[] = [];
    for (const step of stepsOf(readFileSync(join(ROOT, page), "utf8"))) {
      if (step.kind === "command") {
        const actual = (await shell.run(step.command)).map((line) => line.replaceAll(directory, "."));
        ran.push({ page, line: step.line, command: step.command, expected: step.expected, actual });
      } else if (step.kind === "sql") ran.push({ page, ...(await runSql(step, directory, environment)) });
      else {
        mkdirSync(dirname(join(directory, step.path)), { recursive: true });
        writeFileSync(join(directory, step.path), step.text);
      }
    }
    return ran;
  } finally {
    await shell.end();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Statements are done, or refused with the message that the page shows. */
async function runSql(
  { line, path, refused, text }: SqlStep,
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<Omit<RanCommand, "page">> {
  const command = path === null ? "(SQL for the target)" : `(SQL for ${path})`;
  const expected = refused?.trimEnd().split("\n") ?? ["done"];
  try {
    if (path !== null) await execute(join(directory, path), text);
    else await executeInTarget(environment["CHANGEOVER_TARGET"] ?? "", text);
    return { line, command, expected, actual: ["done"] };
  } catch (error) {
    const message = messageOf(error);
    const from = Math.max(0, message.indexOf("CHANGEOVER_FENCED"));
    return { line, command, expected, actual: message.slice(from).replaceAll(directory, ".").split("\n") };
  }
}

async function execute(path: string, statements: string): Promise<void> {
  const client = createClient({ url: pathToFileURL(path).href, concurrency: 1 });
  try {
    await client.executeMultiple(`PRAGMA journal_mode = WAL; ${statements}`);
  } finally {
    client.close();
  }
}

async function executeInTarget(url: string, statements: string): Promise<void> {
  const sql = postgres(url, { max: 1 });
  try {
    await sql.unsafe(statements);
  } finally {
    await sql.end();
  }
}

/**
 * One bash for a page, so that `export` and `&` mean what they mean to a reader. `npx changeover` and `changeover` are
 * the ones under test.
 */
function openShell(directory: string, environment: Readonly<Record<string, string>>) {
  const bin = join(directory, ".bin");
  mkdirSync(bin);
  for (const [name, shift] of [
    ["npx", "shift; "],
    ["changeover", ""],
  ]) {
    writeFileSync(
      join(bin, name ?? ""),
      `#!/bin/sh\n${shift}exec "${process.execPath}" "${join(ROOT, "bin", "changeover.js")}" "$@"\n`,
    );
    chmodSync(join(bin, name ?? ""), 0o755);
  }
  symlinkSync(join(ROOT, "dist"), join(directory, "dist"));
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(ROOT, join(directory, "node_modules", "changeover"));
  symlinkSync(join(ROOT, "node_modules", "@libsql"), join(directory, "node_modules", "@libsql"));
  const { CHANGEOVER_SOURCE: _source, CHANGEOVER_TARGET: _target, DATABASE_URL: _url, ...inherited } = process.env;
  const shell = spawn("bash", ["--norc"], {
    cwd: directory,
    env: { ...inherited, ...environment, PATH: `${bin}:${process.env["PATH"] ?? ""}` },
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => shell.once("close", () => resolve()));
  let text = "";
  let heard = () => {};
  shell.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
    heard();
  });
  return {
    async run(command: string): Promise<string[]> {
      text = "";
      // What a reader sees of stderr is progress, but for the error and the hint of a refusal.
      const lines = [
        `{ ${command}${command.endsWith("&") ? "" : ";"} } 2> .stderr`,
        "code=$?",
        "grep -aE '^(error|hint): ' .stderr",
        '[ "$code" = 0 ] || echo "exit code $code"',
        "echo '<end>'",
      ];
      shell.stdin.write(`${lines.join("\n")}\n`);
      while (!text.endsWith("<end>\n")) await new Promise<void>((resolve) => (heard = resolve));
      return text.slice(0, -"<end>\n".length).trimEnd().split("\n");
    },
    async end(): Promise<void> {
      // All that the page has started, too.
      if (shell.pid !== undefined) process.kill(-shell.pid, "SIGTERM");
      shell.stdin.end();
      await ended;
    },
  };
}
