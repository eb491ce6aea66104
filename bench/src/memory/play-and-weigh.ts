import { join } from 'node:path'
import { SERVICES, type ServiceName } from '@tapedeck/contracts'
import { REPOSITORY } from '@tapedeck/dev'
import { residentBytes } from '../measure/process-tree.ts'
import { withStack } from '../stack/with-stack.ts'
import { waitUntil } from '../stack/wait-until.ts'

const RECORDING = join(REPOSITORY, 'data', 'recordings', 'btcusdt-usdm-20260105.ws.gz')
const PLAY_MS_MAX = 60_000

export interface Weighed {
  /** From nothing (a new data folder) until every service was ready. */
  readonly firstStartSeconds: number
  /** The same with the data folder of before. */
  readonly startSeconds: number
  /** Resident bytes after the replay, by service; one entry where they share a process. */
  readonly resident: Readonly<Partial<Record<ServiceName | 'all', number>>>
}

/** Plays the shipped recording as fast as it goes, then asks the kernel what each process holds. */
export const playAndWeigh = async (folder: string, split: boolean): Promise<Weighed> => {
  const options = (source: 'none' | 'recording') => ({
    folder,
    split,
    ingest: {
      TAPEDECK_SOURCE: source,
      TAPEDECK_SOURCE_FILES: JSON.stringify([RECORDING]),
      TAPEDECK_SOURCE_SPEED: 'max',
    },
  })
  const begin = performance.now()
  const firstStartSeconds = await withStack(options('none'), () =>
    Promise.resolve((performance.now() - begin) / 1000),
  )
  const again = performance.now()
  return await withStack(options('recording'), async ({ bus, services }) => {
    const startSeconds = (performance.now() - again) / 1000
    await waitUntil(
      'the end of the run',
      PLAY_MS_MAX,
      async () => await bus.tape.lastOf('tape.market.run.ended.>'),
    )
    const names = SERVICES.filter((name) => services.pid(name) !== null)
    const resident = split
      ? Object.fromEntries(
          names.map((name) => [name, residentBytes(services.pid(name)!) ?? Number.NaN]),
        )
      : { all: process.memoryUsage.rss() }
    return { firstStartSeconds, startSeconds, resident }
  })
}
