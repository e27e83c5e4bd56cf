/** A package.json of which nothing is known but that it is an object. */
export type Manifest = Readonly<Record<string, unknown>>;

/**
 * The manifest with the addresses of the repository that publishes it. npm compares `repository` with the workflow's
 * identity before it takes a package with provenance, so an address that someone typed could only be wrong.
 */
export function withAddresses(manifest: Manifest, repository: string): Manifest {
  const { hostname, pathname, protocol } = new URL(repository);
  const address = `https://${hostname}${pathname.replace(/(\.git)?\/?$/, "")}`;
  if (protocol !== "https:" || !/^\/[^/]+\/[^/]+/.test(pathname))
    throw new Error(`${repository} is not the https address of a repository`);
  return {
    ...manifest,
    repository: { type: "git", url: `git+${address}.git` },
    homepage: `${address}#readme`,
    bugs: { url: `${address}/issues` },
  };
}
