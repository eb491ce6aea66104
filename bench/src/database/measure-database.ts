import { join } from 'node:path'
import { openDatabase, provisionService } from '@tapedeck/database'
import { type CommitTables, measureCommits, measureCopy } from '@tapedeck/database/bench'
import { startPostgres } from '@tapedeck/dev'
import { type BenchmarkResult, type Figure, figure, sampleOf } from '../measure/figure.ts'
import { withFolder } from '../stack/with-folder.ts'
import { measureRest } from './measure-rest.ts'

const TURNS = 500

const measurePackage = async (folder: string): Promise<Figure[]> => {
  const server = await startPostgres({ dataDir: join(folder, 'postgres'), useEnvironment: false })
  try {
    const { url, schema } = await provisionService({
      adminUrl: server.url,
      service: 'bench',
      password: crypto.randomUUID(),
      migrations: {},
    })
    const db = openDatabase<CommitTables>({
      url,
      schema,
      applicationName: 'bench',
      maxConnections: 2,
    })
    try {
      const [bare, ...commits] = await measureCommits(db, TURNS)
      const copies = await measureCopy(db)
      const fastest = copies.find(({ name }) => name === 'copyRows, no key, batches of 10000')!
      return [
        ...commits.map((one) =>
          figure({
            name: one.name,
            unit: 'commits/s',
            ours: sampleOf('one connection', [one.commitsPerSecond]),
            bare: sampleOf(bare!.name, [bare!.commitsPerSecond]),
          }),
        ),
        ...copies
          .filter((one) => one !== fastest)
          .map((one) =>
            figure({
              name: one.name,
              unit: 'rows/s',
              ours: sampleOf('one connection', [one.rowsPerSecond]),
              bare: sampleOf(fastest.name, [fastest.rowsPerSecond]),
            }),
          ),
      ]
    } finally {
      await db.close()
    }
  } finally {
    await server.stop()
  }
}

/** Commits, copies and REST writes against the bare transaction. */
export const measureDatabase = async (): Promise<BenchmarkResult> => ({
  name: 'database',
  figures: [await withFolder(measureRest), ...(await withFolder(measurePackage))],
  notes: [
    'a REST write commits three times: the key is claimed, the command goes into the outbox, the answer is kept',
  ],
})
