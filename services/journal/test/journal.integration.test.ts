import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import type { Message } from '@tapedeck/contracts'
import { golden, rowsOf, withService } from '@tapedeck/service-testkit'
import type { Handled } from '@tapedeck/runtime'
import { journalService } from '../src/index.ts'
import { projectTrades } from '../src/project-trades.ts'
import { recordEvents } from '../src/record-events.ts'

const service = withService(journalService, (folder) => ({
  TAPEDECK_ARCHIVE_DIR: join(folder, 'archive'),
}))

const DAY: readonly Message[] = [
  golden('market.run.started'),
  golden('market.trades'),
  golden('orderflow.features'),
  golden('setup.evaluated'),
  golden('setup.signal.generated'),
  golden('risk.signal.approved'),
  golden('execution.trade.started'),
  golden('execution.order.submitted'),
  golden('execution.order.filled'),
  golden('execution.trade.opened'),
  golden('execution.trade.closed'),
]
const { trade } = golden('execution.trade.closed').payload

describe('a day on the tape', () => {
  it('is kept: domain events as rows, everything in files', async () => {
    await service().tell(DAY)
    const { event, archive_segment: segments } = await rowsOf(service().db, [
      'event',
      'archive_segment',
    ])
    const types = (event as { type: string }[]).map(({ type }) => type)
    expect(types).not.toContain('market.trades')
    expect(types).toContain('setup.signal.generated')
    const lines = (segments as { path: string; bytes: number }[]).flatMap(({ path, bytes }) =>
      gunzipSync(readFileSync(join(service().folder, 'archive', path)).subarray(0, bytes))
        .toString('utf8')
        .trimEnd()
        .split('\n'),
    )
    const archived = lines.map((line) => /^\d+ tape\.([a-z_.]+)\./.exec(line)?.[1] ?? line)
    for (const { type } of DAY) expect(archived.some((name) => name.startsWith(type))).toBe(true)
    expect(lines.map((line) => Number(line.split(' ')[0]))).toEqual(lines.map((_, i) => i + 1))
  })

  it('says when fills and the stated result do not agree', async () => {
    // The examples hold one fill of a trade that had several.
    expect(await service().onTape('journal.difference.detected')).toHaveLength(1)
    const { body } = await service().call('GET', '/metrics')
    expect(body['text']).toMatch(/tapedeck_journal_differences_total\{symbol="BTCUSDT".* 1/)
    expect(body['text']).toMatch(/tapedeck_archive_written_bytes_total\{.*\} [1-9]/)
  })

  it('shows a trade with its legs, fills and ledger', async () => {
    const list = await service().call('GET', '/v1/trades?status=CLOSED', { role: 'viewer' })
    expect(list.body.data).toMatchObject([{ trade_id: trade.trade_id }])
    const { body } = await service().call('GET', `/v1/positions/${trade.trade_id}`)
    expect(body).toMatchObject({ trade_id: trade.trade_id, legs: [{}], fills: [{}] })
    const ledger = body['ledger'] as { kind: string }[]
    expect(ledger.map(({ kind }) => kind).toSorted()).toEqual(['FEES', 'FUNDING', 'GROSS'])
    expect((await service().call('GET', '/v1/positions/nope')).status).toBe(404)
  })

  it('answers why, by any id of the chain, in tape order', async () => {
    for (const id of [trade.setup_id, trade.trade_id]) {
      const { body } = await service().call('GET', `/v1/events?id=${id}`)
      const seqs = body.data!.map((row) => Number(row['tape_seq']))
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
      expect(body.data!.map((row) => row['type'])).toEqual(
        expect.arrayContaining(['setup.evaluated', 'execution.trade.closed']),
      )
    }
    expect((await service().call('GET', '/v1/events?id=nope')).status).toBe(404)
  })

  it('stays as it is through a restart', async () => {
    const tables = ['event', 'trade', 'leg', 'fill', 'pnl_ledger', 'archive_segment'] as const
    const before = await rowsOf(service().db, tables)
    await service().restart()
    expect(await rowsOf(service().db, tables)).toEqual(before)
  })
})

it('the same messages twice leave the same rows', async () => {
  const { db } = service()
  const inputs: Handled[] = DAY.map((message, i) => ({
    message,
    raw: { seq: 1_000 + i, subject: 'tape', bytes: new Uint8Array(), headers: {} },
  }))
  const project = async () =>
    await db.transaction(async (tx) => {
      await recordEvents(tx, inputs)
      await projectTrades(tx, inputs)
    })
  await project()
  const tables = ['event', 'trade', 'leg', 'fill', 'pnl_ledger'] as const
  const once = await rowsOf(db, tables)
  await project()
  expect(await rowsOf(db, tables)).toEqual(once)
})
