const HEAD = "## [Unreleased]\n";

/** The changelog, with what was unreleased under its version; `day` is written as YYYY-MM-DD. */
export function cutChangelog(changelog: string, version: string, day: string): string {
  const at = changelog.indexOf(HEAD);
  if (at < 0) throw new Error("the changelog has no section Unreleased");
  if (hasVersion(changelog, version)) throw new Error(`the changelog has ${version} already`);
  const rest = changelog.slice(at + HEAD.length);
  if ((rest.split(/^## /m)[0] ?? "").trim() === "") throw new Error("nothing is under Unreleased");
  return `${changelog.slice(0, at)}${HEAD}\n## [${version}] - ${day}\n${rest}`;
}

/** Whether a version has a section, without which it is not published. */
export function hasVersion(changelog: string, version: string): boolean {
  return changelog.includes(`\n## [${version}]`);
}

/** What a version's section says: the notes of its release. */
export function notesOf(changelog: string, version: string): string {
  const [, section] = changelog.split(`\n## [${version}]`);
  if (section === undefined) throw new Error(`the changelog has no section ${version}`);
  return (section.slice(section.indexOf("\n")).split(/^## /m)[0] ?? "").trim();
}
