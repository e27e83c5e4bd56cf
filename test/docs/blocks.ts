/** A block of code of a page: ```` ```LANGUAGE MARK ````. The mark says what a test does with it. */
export interface Block {
  readonly language: string;
  readonly mark: string;
  readonly body: string;
  /** Of the first line of its body. */
  readonly line: number;
}

/** All blocks of a page, in its order. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(\w*) ?(.*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language = "", mark = "", body = ""] = match;
    return { language, mark, body, line: text.slice(0, match.index).split("\n").length + 1 };
  });
}

/** Whether `runPage` runs or writes it; all other blocks are only checked. */
export function isRun({ language, mark }: Block): boolean {
  return (
    /^(file|sqlite)=\S+$/.test(mark) ||
    (language === "console" && mark === "run") ||
    (language === "sql" && mark === "target") ||
    (language === "text" && mark === "refused")
  );
}
