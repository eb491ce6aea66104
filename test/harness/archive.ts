import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'

export interface ArchiveDigest {
  readonly sha256: string
  /** Without the tape sequences: the same when something of no meaning lies in between. */
  readonly contentSha256: string
  readonly messages: number
  readonly byType: Readonly<Record<string, number>>
}

/** The one field that is of the wall clock. */
const RECORDED_AT = /"recorded_at":\d+,/

const segmentsOf = (dataDir: string): string[] => {
  const folder = join(dataDir, 'archive')
  if (!existsSync(folder)) return []
  return (
    readdirSync(folder)
      .flatMap((run) => readdirSync(join(folder, run)).map((name) => join(folder, run, name)))
      // Beside the segments lies the configuration of the run.
      .filter((path) => path.endsWith('.tape.gz'))
      .toSorted()
  )
}

/** Every archived message as `<tape seq> <subject> <envelope>`, without the time of recording. */
export async function* archiveLines(dataDir: string): AsyncGenerator<string, void, undefined> {
  for (const file of segmentsOf(dataDir))
    for await (const line of createInterface({
      input: createReadStream(file).pipe(createGunzip()),
      crlfDelay: Infinity,
    }))
      yield line.replace(RECORDED_AT, '')
}

const typeOf = (line: string): string => /"type":"([^"]+)"/.exec(line)?.[1] ?? 'unknown'

/** The whole archive as one hash, with what it holds by type. */
export const digestArchive = async (dataDir: string): Promise<ArchiveDigest> => {
  const hash = createHash('sha256')
  const content = createHash('sha256')
  const byType: Record<string, number> = {}
  let messages = 0
  for await (const line of archiveLines(dataDir)) {
    hash.update(line).update('\n')
    content.update(line.slice(line.indexOf(' '))).update('\n')
    const type = typeOf(line)
    byType[type] = (byType[type] ?? 0) + 1
    messages++
  }
  return {
    sha256: hash.digest('hex'),
    contentSha256: content.digest('hex'),
    messages,
    byType,
  }
}

/** Where two archives part, for the reader of a failed test; null when they are the same. */
export const firstDifference = async (one: string, other: string): Promise<string | null> => {
  const left = archiveLines(one)
  const right = archiveLines(other)
  for (let line = 1; ; line++) {
    const [a, b] = await Promise.all([left.next(), right.next()])
    if (a.done === true && b.done === true) return null
    if (a.value !== b.value)
      return `line ${line}:\n  ${String(a.value).slice(0, 600)}\n  ${String(b.value).slice(0, 600)}`
  }
}
