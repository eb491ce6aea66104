import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'
import { fillOnce, SERVERS_FOLDER } from './cache-folder.ts'
import { hasDebianPackages, unpackDebianPackage } from './debian-packages.ts'
import { findProgram } from './find-program.ts'
import { installWithHomebrew } from './install-with-homebrew.ts'

/** A program and where the libraries that came with it lie. */
export type RedisProgram = { readonly file: string; readonly libraryPath: string | null }
const NAME = 'redis-server-debian'

const inFolder = async (folder: string): Promise<RedisProgram> => {
  const libraries = join(folder, 'usr', 'lib')
  const triplets = existsSync(libraries) ? await readdir(libraries) : []
  const triplet = triplets.find((name) => name.includes('-linux-'))
  return {
    file: join(folder, 'usr', 'bin', 'redis-server'),
    libraryPath: triplet === undefined ? null : join(libraries, triplet),
  }
}

/** A redis-server that is here already, on the PATH or fetched before; null when there is none. */
export const redisServerHere = async (): Promise<RedisProgram | null> => {
  const onPath = findProgram('redis-server')
  if (onPath !== null) return { file: onPath, libraryPath: null }
  const cached = join(SERVERS_FOLDER, NAME)
  return existsSync(cached) ? await inFolder(cached) : null
}

/** A redis-server, fetched if needed. Throws SERVER_MISSING with every reason. */
export const ensureRedisServer = async (
  onProgress: (text: string) => void = () => {},
): Promise<RedisProgram> => {
  const here = await redisServerHere()
  if (here !== null) return here

  const problems: string[] = []
  if (hasDebianPackages('machine')) {
    try {
      const fill = async (scratch: string): Promise<void> => {
        const problem = await unpackDebianPackage('redis-server', 'machine', scratch, onProgress)
        if (problem !== null) throw new Error(problem)
      }
      return await inFolder(await fillOnce(NAME, fill, onProgress))
    } catch (error) {
      problems.push((error as Error).message)
    }
  }
  const problem = await installWithHomebrew('redis', onProgress)
  const brewed = problem === null ? findProgram('redis-server') : null
  if (brewed !== null) return { file: brewed, libraryPath: null }
  problems.push(problem ?? 'Homebrew installed no redis-server')
  throw new TapedeckError(
    'SERVER_MISSING',
    `redis-server is not here and could not be fetched: ${problems.join('; ')}`,
    { hint: 'Install redis-server 6 or newer, or set REDIS_URL to one that runs elsewhere.' },
  )
}
