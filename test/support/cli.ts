import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { camelKeysPrinted } from "./snake-keys.ts";

const BIN = fileURLToPath(new URL("../../bin/changeover.js", import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly ended: Promise<CliResult>;
  /** Resolves once stderr or stdout has matched. */
  saw(pattern: RegExp): Promise<void>;
}

/** Starts the real command line, as built, in a process of its own. What `--json` prints must be snake_case. */
export function startCli(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): RunningCli {
  const { CHANGEOVER_SOURCE: _source, CHANGEOVER_TARGET: _target, DATABASE_URL: _url, ...environment } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    env: { ...environment, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const waiting: { readonly pattern: RegExp; readonly done: () => void }[] = [];
  const look = () => {
    for (const { pattern, done } of waiting) if (pattern.test(stderr) || pattern.test(stdout)) done();
  };
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
    look();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
    look();
  });
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const wrong = args.includes("--json") ? camelKeysPrinted(stdout) : [];
      if (wrong.length > 0) reject(new Error(`${args[0]} --json is not in snake_case: ${wrong.join(", ")}`));
      else resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    child,
    ended,
    saw(pattern) {
      return new Promise((resolve, reject) => {
        waiting.push({ pattern, done: resolve });
        look();
        void ended.then(() => reject(new Error(`ended without ${pattern}:\n${stdout}\n${stderr}`)));
      });
    },
  };
}

export function runCli(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<CliResult> {
  return startCli(args, options).ended;
}
