import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { namedStatement, openDatabase, provisionService, sql } from '@tapedeck/database'
import { createAccessTokens, systemClock } from '@tapedeck/runtime'
import { type Figure, figure, sampleOf } from '../measure/figure.ts'
import { median } from '../measure/statistics.ts'
import { type BenchStack, withStack } from '../stack/with-stack.ts'
import { waitUntil } from '../stack/wait-until.ts'

const WRITES = 400
const WARM_UP = 40
/** Below what one caller may write a minute. */
const WRITES_A_CALLER = 200
const START = Date.UTC(2026, 0, 5, 8)
const WAIT_MS_MAX = 30_000

/** A run has to have begun before anything can be commanded: a hundred prints. */
const shortArchive = (file: string): void =>
  writeFileSync(
    file,
    Array.from(
      { length: 100 },
      (_, i) => `${i + 1},60000.5,0.100,${i + 1},${i + 1},${START + i * 500},true\n`,
    ).join(''),
  )

/** A caller that halts and resumes risk in turn, each request with a key of its own. */
const caller = async (stack: BenchStack): Promise<(turn: number) => Promise<void>> => {
  const tokens = createAccessTokens(stack.secrets.jwtSecret, systemClock)
  const minted = await Promise.all(
    Array.from({ length: Math.ceil((WRITES + WARM_UP) / WRITES_A_CALLER) }, (_, i) =>
      tokens.mint({ id: `bench-${i}`, role: 'operator' }),
    ),
  )
  return async (turn) => {
    const { token } = minted[Math.floor((turn + WARM_UP) / WRITES_A_CALLER)]!
    const command = turn % 2 === 0 ? 'halt' : 'resume'
    const response = await fetch(`${stack.urls.risk}/v1/${command}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body: JSON.stringify({ reason: `write ${turn} of the benchmark` }),
    })
    if (response.status !== 202)
      throw new Error(`${command}: ${response.status} ${await response.text()}`)
    await response.arrayBuffer()
  }
}

const bareInsert = namedStatement<never>(
  'bare_rest',
  'insert into bare (id, bytes) values ($1, $2)',
)

/**
 * One caller, one write after the other: POST with idempotency key, authenticated, validated, on the tape.
 * Beside each a bare insert of the same size and its commit, so that a busy machine is unfair to both alike.
 */
export const measureRest = async (folder: string): Promise<Figure> => {
  const file = join(folder, 'short.csv')
  shortArchive(file)
  const ingest = {
    TAPEDECK_SOURCE: 'recording',
    TAPEDECK_SOURCE_FILES: JSON.stringify([file]),
    TAPEDECK_SOURCE_SYMBOL: 'BTCUSDT',
    TAPEDECK_SOURCE_SPEED: 'max',
  }
  return await withStack({ folder, ingest, only: ['risk'] }, async (stack) => {
    await waitUntil(
      'the run',
      WAIT_MS_MAX,
      async () => await stack.bus.tape.lastOf('tape.market.run.ended.>'),
    )
    const { url, schema } = await provisionService({
      adminUrl: stack.servers.postgres.url,
      service: 'bench',
      password: crypto.randomUUID(),
      migrations: {},
    })
    const db = openDatabase({ url, schema, applicationName: 'bench', maxConnections: 1 })
    try {
      await sql`create table bare (id bigint primary key, bytes bytea not null)`.execute(db.kysely)
      const write = await caller(stack)
      const bytes = Buffer.alloc(800, 'x')
      const [rest, bare]: [number[], number[]] = [[], []]
      for (let turn = -WARM_UP; turn < WRITES; turn++) {
        const start = performance.now()
        await write(turn)
        const between = performance.now()
        await bareInsert(db, [turn, bytes])
        if (turn < 0) continue
        rest.push(between - start)
        bare.push(performance.now() - between)
      }
      return figure({
        name: 'REST write: halt and resume, with an idempotency key',
        unit: 'writes/s',
        ours: sampleOf('authenticated, idempotent, committed, on the tape', [1000 / median(rest)]),
        bare: sampleOf('bare insert and commit', [1000 / median(bare)]),
        budget: {
          text: 'at least 0.5 of the bare transaction rate',
          isKept: (_median, ratio) => ratio !== null && ratio >= 0.5,
        },
      })
    } finally {
      await db.close()
    }
  })
}
