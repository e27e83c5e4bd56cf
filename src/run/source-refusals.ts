import { hostname } from "node:os";
import { RefusedError } from "../errors.ts";
import { type FileIdentity, isSameMachine, type SourceIdentity, showIdentity } from "../model/source-identity.ts";
import { shellWord } from "../quote.ts";

/** The file is not the one that the run reads, or it cannot be seen from here whether it is. */
export function anotherFile(known: SourceIdentity, now: SourceIdentity): RefusedError {
  const [old, given] = [showIdentity(known, hostname()), showIdentity(now, hostname())];
  const isUnseen = known.kind === "file" && now.kind === "file" && !isSameMachine(known, now);
  const rehearse =
    now.kind === "file"
      ? `; to rehearse on a copy: \`changeover rehearse --copy ${shellWord(now.path)}\`, which leaves the run alone`
      : "";
  return new RefusedError({
    code: "SOURCE_IS_ANOTHER_FILE",
    message: isUnseen
      ? `the run reads ${old}, and whether ${given} is that file cannot be seen on ${now.host}: a copy ` +
        `holds the same rows, but not what the application writes. Nothing was changed`
      : `${given} is another file than the source of this run, ${old}: a copy holds the same rows, but not ` +
        `what the application writes. Nothing was changed`,
    hint: isUnseen
      ? `run it on ${known.host} (a container keeps its name with \`docker run --hostname\`); if this is ` +
        `the file that the application writes to, and it writes to no other: the same command with ` +
        `\`--source-moved --only-source\`${rehearse}`
      : "give the --source of the run; if the application's file was moved here: " +
        `the same command with \`--source-moved\`${rehearse}`,
    context: { source: old, given },
  });
}

/** The same file by a hard link, or mounted alone: SQLite's WAL stands next to the name by which it is opened. */
export function otherName(known: FileIdentity, now: FileIdentity): RefusedError {
  return new RefusedError({
    code: "SOURCE_OTHER_NAME",
    message:
      `${now.path} is the same file as ${known.path}, by another name (a hard link, ` +
      "or a mount of the file alone): SQLite keeps its WAL next to the name, " +
      "so each would miss what the other writes",
    hint: `give --source ${shellWord(known.path)}; into a container, mount the directory rather than the file`,
    context: { source: known.path, given: now.path },
  });
}

export function oldSourceThere(old: { readonly why: string; readonly hint: string }): RefusedError {
  return new RefusedError({
    code: "OLD_SOURCE_IN_USE",
    message: `the source of the run was not moved: ${old.why}. Nothing was changed`,
    hint: old.hint,
  });
}

export function moveUnproved(known: SourceIdentity, why: string): RefusedError {
  return new RefusedError({
    code: "SOURCE_MOVE_UNPROVED",
    message:
      `whether ${showIdentity(known, hostname())} is out of use cannot be seen from here: ${why}. ` +
      "Nothing was changed",
    hint:
      "if the application writes to the given file and to no other: add `--only-source`; " +
      "all rows are compared again before the cutover",
    context: { why },
  });
}

export function foreignRun(source: string, owner: { readonly target: string } | null): RefusedError {
  return new RefusedError({
    code: "TARGET_IN_USE",
    message:
      owner === null
        ? `the target belongs to a run from ${source}, and this source is not captured by it`
        : `the target belongs to a run from ${source}, the source to another one, to ${owner.target}`,
    hint: "give the --source and --target of one run; `changeover rollback` ends a run",
    context: { source },
  });
}
