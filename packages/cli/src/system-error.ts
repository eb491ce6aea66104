import { EXIT } from './exit-codes.ts'

/** What the operating system refuses, by its code: what a person can do about it, and the exit code. */
const REFUSALS: Readonly<Record<string, readonly [hint: string, exitCode: number]>> = {
  ENOENT: ['Check the path; paths are relative to the working directory.', EXIT.NOT_FOUND],
  ENOTDIR: ['A part of the path is a file. Check the path.', EXIT.NOT_FOUND],
  EISDIR: ['This is a folder, and a file was expected. Name the file in it.', EXIT.USAGE],
  ELOOP: ['The links of this path lead in a circle. Name the file itself.', EXIT.USAGE],
  ENAMETOOLONG: ['The path is too long. Name a shorter one.', EXIT.USAGE],
  EACCES: [
    'This user may not do that. Name another path or port, or change the rights.',
    EXIT.USAGE,
  ],
  EPERM: [
    'This user may not do that. Name another path or port, or change the rights.',
    EXIT.USAGE,
  ],
  EROFS: ['This file system is read-only. Name a path on another one.', EXIT.USAGE],
  ENOSPC: ['No space is left. Free some, or name a path on another disk.', EXIT.FAILED],
  EDQUOT: ['The quota of this user is used up. Free some space.', EXIT.FAILED],
  EMFILE: ['Too many files are open. Raise the limit (ulimit -n), then try again.', EXIT.FAILED],
  ENFILE: ['Too many files are open on this machine. Close some, then try again.', EXIT.FAILED],
  EADDRINUSE: ['Another program listens there. Name another --port, or 0.', EXIT.CONFLICT],
  EADDRNOTAVAIL: [
    'Expected an address of this machine; leave --host out for loopback.',
    EXIT.USAGE,
  ],
  ENOTFOUND: ['There is no such host. Check the address.', EXIT.USAGE],
  ECONNREFUSED: [
    'Nothing listens there. Is it started, and is the address right?',
    EXIT.UNAVAILABLE,
  ],
  ECONNRESET: ['The other side ended the connection. Try again.', EXIT.UNAVAILABLE],
  ETIMEDOUT: ['No answer came. Check the address and the network.', EXIT.UNAVAILABLE],
  EHOSTUNREACH: ['The network knows no way there. Check the address.', EXIT.UNAVAILABLE],
}

/** What to do about a refusal of the operating system; null for any other error. */
export const systemRefusal = (
  error: unknown,
): { readonly hint: string; readonly code: string; readonly exitCode: number } | null => {
  if (!Error.isError(error)) return null
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined || !Object.hasOwn(REFUSALS, code)) return null
  const [hint, exitCode] = REFUSALS[code]!
  return { hint, code, exitCode }
}
