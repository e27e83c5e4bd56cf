import { statfsSync } from "node:fs";

/** The file system that holds a path. */
export interface FileSystem {
  /** Such as `ext4` or `NFS`; null where the system does not tell, or where the number is not known here. */
  readonly name: string | null;
  /** Whether processes on other machines may have the same file open. */
  readonly isNetwork: boolean;
  readonly freeBytes: number | null;
}

/**
 * Network file systems by their Linux magic number. The WAL index is memory shared by all processes, which they cannot
 * guarantee.
 */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0xff534d42, "SMB (CIFS)"],
  [0xfe534d42, "SMB"],
  [0x517b, "SMB"],
  [0x01021997, "9p"],
  [0x65735546, "FUSE"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
]);

const LOCAL: ReadonlyMap<number, string> = new Map([
  [0xef53, "ext4"],
  [0x58465342, "XFS"],
  [0x9123683e, "Btrfs"],
  [0x2fc12fc1, "ZFS"],
  [0xf2f52010, "F2FS"],
  [0x01021994, "tmpfs"],
  [0x858458f6, "ramfs"],
  [0x794c7630, "overlayfs"],
  [0x4d44, "FAT"],
  [0x2011bab0, "exFAT"],
  [0x5346544e, "NTFS"],
  [0x7366746e, "NTFS"],
  [0xca451a4e, "bcachefs"],
]);

/** What statfs says of a path. The numbers are Linux's; elsewhere the name stays unknown. */
export function fileSystemOf(path: string, system: NodeJS.Platform = process.platform): FileSystem {
  try {
    const { bavail, bsize, type } = statfsSync(path);
    const number = system === "linux" ? Number(type) >>> 0 : 0;
    return { ...nameFileSystem(number), freeBytes: bavail * bsize };
  } catch {
    return { name: null, isNetwork: false, freeBytes: null };
  }
}

export function nameFileSystem(number: number): Pick<FileSystem, "name" | "isNetwork"> {
  return { name: NETWORK.get(number) ?? LOCAL.get(number) ?? null, isNetwork: NETWORK.has(number) };
}
