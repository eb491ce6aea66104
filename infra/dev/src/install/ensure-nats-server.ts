import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'
import { SERVERS_FOLDER, fillOnce } from './cache-folder.ts'
import { hasDebianPackages, unpackDebianPackage } from './debian-packages.ts'
import { findProgram } from './find-program.ts'
import { installWithHomebrew } from './install-with-homebrew.ts'
import { unpackNatsRelease } from './nats-release.ts'

/**
 * Which nats-server: `any` that is here or can be had; `debian` as the machine's own release ships it
 * (2.9.10 on Debian 12, the floor that we support); `current`, the newest.
 */
export type NatsLine = 'any' | 'debian' | 'current'
type Progress = (text: string) => void

const inFolder = (folder: string): string | null =>
  [join(folder, 'usr', 'sbin', 'nats-server'), join(folder, 'nats-server')].find(existsSync) ?? null

const unpacked = async (
  name: string,
  unpack: (folder: string) => Promise<string | null>,
  problems: string[],
  onProgress: Progress,
): Promise<string | null> => {
  try {
    const fill = async (scratch: string): Promise<void> => {
      const problem = await unpack(scratch)
      if (problem !== null) throw new Error(problem)
    }
    return inFolder(await fillOnce(name, fill, onProgress))
  } catch (error) {
    problems.push((error as Error).message)
    return null
  }
}

const fromDebian = async (
  release: 'machine' | 'sid',
  problems: string[],
  onProgress: Progress,
): Promise<string | null> => {
  if (!hasDebianPackages(release)) {
    problems.push(`no Debian packages (${release}) on this machine`)
    return null
  }
  const name = release === 'machine' ? 'nats-server-debian' : 'nats-server-current'
  const unpack = async (folder: string): Promise<string | null> =>
    await unpackDebianPackage('nats-server', release, folder, onProgress)
  return await unpacked(name, unpack, problems, onProgress)
}

const fromRelease = async (problems: string[], onProgress: Progress): Promise<string | null> =>
  await unpacked(
    'nats-server-release',
    async (folder) => await unpackNatsRelease(folder, onProgress),
    problems,
    onProgress,
  )

/** A nats-server that is here already, on the PATH or fetched before; null when there is none. */
export const natsServerHere = (): string | null =>
  findProgram('nats-server') ??
  ['nats-server-debian', 'nats-server-release', 'nats-server-current']
    .map((name) => inFolder(join(SERVERS_FOLDER, name)))
    .find((file) => file !== null) ??
  null

const anyServer = async (problems: string[], onProgress: Progress): Promise<string | null> => {
  const here = natsServerHere()
  if (here !== null) return here
  const packaged = await fromDebian('machine', problems, onProgress)
  if (packaged !== null) return packaged
  const problem = await installWithHomebrew('nats-server', onProgress)
  if (problem === null) return findProgram('nats-server')
  problems.push(problem)
  return await fromRelease(problems, onProgress)
}

/** The path of a nats-server of that line, fetched if needed. Throws SERVER_MISSING with every reason. */
export const ensureNatsServer = async (
  line: NatsLine = 'any',
  onProgress: Progress = () => {},
): Promise<string> => {
  const problems: string[] = []
  const find = {
    any: async () => await anyServer(problems, onProgress),
    debian: async () => await fromDebian('machine', problems, onProgress),
    current: async () =>
      (await fromDebian('sid', problems, onProgress)) ?? (await fromRelease(problems, onProgress)),
  }[line]
  const file = await find()
  if (file !== null) return file
  throw new TapedeckError(
    'SERVER_MISSING',
    `nats-server (${line}) is not here and could not be fetched: ${problems.join('; ')}`,
    { hint: 'Install nats-server 2.9.10 or newer, or set NATS_URL to one that runs elsewhere.' },
  )
}
