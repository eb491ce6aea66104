import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, provisionService } from '@tapedeck/database'
import { startPostgres } from '@tapedeck/dev'
import { measureCommits } from './measure-commits.ts'
import type { CommitTables } from './measure-commits.ts'
import { measureCopy } from './measure-copy.ts'

const TURNS = 1_500

const dataDir = mkdtempSync(join(tmpdir(), 'tapedeck-bench-'))
const server = await startPostgres({ dataDir, useEnvironment: false })
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
  for (const rate of await measureCommits(db, TURNS)) {
    const perSecond = Math.round(rate.commitsPerSecond)
    console.log(`${rate.name}: ${perSecond}/s, ${rate.ratioToBareInsert.toFixed(2)} of bare`)
  }
  for (const rate of await measureCopy(db)) {
    const perSecond = Math.round(rate.rowsPerSecond)
    console.log(
      `${rate.name}: ${perSecond} rows/s, ${rate.clientMicrosPerRow.toFixed(2)} µs CPU a row here`,
    )
  }
  await db.close()
} finally {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
