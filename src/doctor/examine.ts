import { hostname, userInfo } from "node:os";
import type { GivenTarget } from "../config-target.ts";
import { resolveConnection } from "../target/connection/resolve-connection.ts";
import { examineMachine, type MachineFacts } from "./examine-machine.ts";
import { examineSource, type SourceExamination } from "./examine-source.ts";
import { examineTarget, type TargetExamination } from "./examine-target.ts";
import { spellingsOf } from "./trouble.ts";

/** Everything that a bug report needs, without secrets, names of tables, or rows. */
export interface Examination {
  readonly machine: MachineFacts;
  readonly source: SourceExamination;
  readonly target: TargetExamination;
}

export interface ExamineOptions {
  readonly source: string | null;
  readonly sourceAuthToken: string | null;
  readonly target: Pick<GivenTarget, "url"> | null;
}

/** Examines both sides. What cannot be opened is part of the answer. */
export async function examine({ source, sourceAuthToken, target }: ExamineOptions): Promise<Examination> {
  const withheld = [
    ...secretsOfTarget(target?.url ?? null),
    ...spellingsOf(sourceAuthToken),
    ...secretsOfSource(source),
    ...namesOfThisMachine(),
  ];
  return {
    machine: examineMachine(),
    source: await examineSource({ url: source, authToken: sourceAuthToken, withheld }),
    target: await examineTarget({ target, withheld }),
  };
}

/** Passwords, and the names by which the server and its database are known inside. */
function secretsOfTarget(url: string | null): string[] {
  if (url === null) return [];
  try {
    const { database, endpoints, user, values } = resolveConnection(url);
    return [
      ...endpoints.flatMap(({ host, password }) => [...spellingsOf(password), ...(isShared(host) ? [] : [host])]),
      ...spellingsOf(values.get("sslpassword")),
      ...spellingsOf(user),
      ...spellingsOf(database),
    ];
  } catch {
    // The string is wrong, and its error may quote any part of it.
    return [url, ...url.split(/[:/@?&=#\s]+/).filter((part) => part.length > 2)];
  }
}

/** A name that says nothing about anybody. */
function isShared(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/i.test(host);
}

/** A token, and user and password of a server's URL. */
function secretsOfSource(url: string | null): string[] {
  if (url === null || !/^[a-z][a-z0-9+.-]+:\/\//i.test(url)) return [];
  const [, login = ""] = /\/\/([^@/]*)@/.exec(url) ?? [];
  const [, host = ""] = /\/\/(?:[^@/]*@)?([^:/?#]*)/.exec(url) ?? [];
  const token = /[?&](?:authToken|jwt)=([^&#]*)/i.exec(url)?.[1];
  return [host, ...login.split(":"), ...spellingsOf(token)].filter((part) => part !== "" && !isShared(part));
}

function namesOfThisMachine(): string[] {
  try {
    const { homedir, username } = userInfo();
    // `root` and its home are everybody's.
    return username === "root" ? [hostname()] : [hostname(), username, homedir];
  } catch {
    return [hostname()];
  }
}
