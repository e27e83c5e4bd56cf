// The application's side of a conversation: one JSON object a line asks, one a line answers.
import { createInterface } from "node:readline";

/** Answers each line {"do": name, "with": [...]} by calling that operation, one after the other. */
export async function serveLines(operations) {
  // What libraries print must not be taken for answers.
  console.log = console.info = console.error;
  process.stdout.write('{"ready":true}\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: name, with: values } = JSON.parse(line);
    let answer;
    try {
      if (!(name in operations)) throw new Error(`no operation ${name}`);
      answer = { value: (await operations[name](...values)) ?? null };
    } catch (error) {
      answer = { error: messagesOf(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  process.exit(0);
}

/** A date as the harness compares it; what is no Date stays as it is, and the check fails. */
export const iso = (value) => (value instanceof Date ? value.toISOString() : value);

/** A date without a time, in whatever form the ORM gives it. */
export const day = (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value);

export const hex = (value) => (value === null || value === undefined ? null : Buffer.from(value).toString("hex"));

export const isPostgres = () => /^postgres/.test(process.env.DATABASE_URL ?? "");

export const sqliteFile = () => process.env.APP_SQLITE;

function messagesOf(error) {
  const messages = [];
  for (let one = error; one; one = one.cause) messages.push(`${one.name}: ${one.message ?? one}`);
  return messages.join(" < ");
}
