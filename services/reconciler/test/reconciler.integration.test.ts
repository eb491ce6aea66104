import { expect, it } from '@jest/globals'
import { createSetupDecider } from '@tapedeck/core'
import type { Message } from '@tapedeck/contracts'
import { sql } from '@tapedeck/database'
import { loadTradingConfig } from '@tapedeck/runtime'
import { golden, restlessBars, rowsOf, sealed, withService } from '@tapedeck/service-testkit'
import { venueSubject } from '@tapedeck/venue'
import { join } from 'node:path'
import { reconcilerService } from '../src/index.ts'
import { projectOutputs } from '../src/store.ts'

const CONFIG = join(import.meta.dirname, '../../../config/tapedeck.yaml')
const service = withService(reconcilerService)
const measures = async () => String((await service().call('GET', '/metrics')).body['text'])

const NOTHING = { at: 1, orders: [], positions: [], fills: [], balances: [] }
const ANOTHER_RUN = '11111111-1111-5111-8111-111111111111'
const ORPHAN = {
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  side: 'LONG',
  quantity: '0.5',
  averagePrice: '60000',
}

/** Whoever asks for the venue's books is answered with these, from here on. Returns how to end it. */
const answerForVenue = async (books: object): Promise<() => void> => {
  const { bus } = service()
  const answer = new TextEncoder().encode(JSON.stringify(books))
  const leave = bus.respond(venueSubject('paper'), () => Promise.resolve(answer))
  // That is at the server before the answer to this is; what a test appends takes another connection.
  await bus.tape.lastSeq()
  return leave
}

it('looks at the start of a run, and says that the books agree', async () => {
  const leave = await answerForVenue(NOTHING)
  await service().tell([golden('market.run.started')])
  leave()
  const [run] = await service().onTape('reconciler.run.completed')
  expect(run?.payload).toMatchObject({ trigger: 'start', clean: true, findings: 0 })
  const { body } = await service().call('GET', '/v1/runs', { role: 'viewer' })
  expect(body.data).toMatchObject([{ clean: true, account: 'paper' }])
  expect(await measures()).toMatch(
    /tapedeck_reconcile_runs_total\{trigger="start",clean="true".* 1/,
  )
})

it('finds a position that only the venue knows, and asks for its protection', async () => {
  const leave = await answerForVenue({ ...NOTHING, positions: [ORPHAN] })
  await service().restart()
  await service().tell([{ ...golden('market.run.started'), run_id: ANOTHER_RUN }])
  leave()
  const findings = await service().onTape('reconciler.finding.detected')
  expect(findings.map(({ payload }) => payload.kind)).toEqual(['ORPHAN_POSITION'])
  const corrections = await service().onTape('reconciler.correction.requested')
  expect(corrections.map(({ payload }) => payload.correction)).toEqual(['PLACE_EMERGENCY_STOP'])
  const { body } = await service().call('GET', '/v1/findings')
  expect(body.data).toMatchObject([{ kind: 'ORPHAN_POSITION' }])
  expect(await measures()).toMatch(
    /tapedeck_reconcile_mismatches_total\{kind="ORPHAN_POSITION".* 1/,
  )
})

it('the same outputs twice leave the same rows', async () => {
  const { db } = service()
  const outputs = sealed([
    golden('reconciler.run.completed'),
    golden('reconciler.finding.detected'),
    golden('reconciler.correction.requested'),
  ])
  const project = async () => await db.transaction(async (tx) => await projectOutputs(tx, outputs))
  await project()
  const once = await rowsOf(db, ['run', 'finding'])
  await project()
  expect(await rowsOf(db, ['run', 'finding'])).toEqual(once)
})

/** A tape of bars with the setup events that they cause, each right after its bar. */
const barsAndEvents = (run_id: string): Message[] => {
  const setups = createSetupDecider(loadTradingConfig(CONFIG))
  return restlessBars(1_000, '15m').flatMap((bar) => {
    const events = setups
      .handle(bar)
      .flatMap((o) => (o.type === 'setup.event.recorded' ? [golden(o.type, o.payload)] : []))
    return [bar, ...events].map((message) => Object.assign(message, { run_id }))
  })
}

it('labels break attempts while the venue is away and although it is killed, each once', async () => {
  const run_id = '22222222-2222-5222-8222-222222222222'
  const tape = barsAndEvents(run_id)
  const attempts = tape.flatMap((message) =>
    message.type === 'setup.event.recorded' && message.payload.state === 'break_attempt'
      ? [message.payload.setup_event_id]
      : [],
  )
  const started = golden('market.run.started')
  await service().restart()
  // Nobody answers for the venue, and this run is not one that waits for it.
  await service().tell([
    { ...started, run_id, payload: { ...started.payload, lockstep: false } },
    ...tape.slice(0, 500),
  ])
  expect((await service().onTape('reconciler.setup_outcome.decided')).length).toBeGreaterThan(2)
  // Killed: what it finds again is its last commit, not what it would leave behind when it is stopped.
  const { db } = service()
  await sql`create table kept as select * from checkpoint`.execute(db.kysely)
  const leave = await answerForVenue(NOTHING)
  await service().restart(async () => {
    await sql`delete from checkpoint`.execute(db.kysely)
    await sql`insert into checkpoint select * from kept`.execute(db.kysely)
  })
  await service().tell(tape.slice(500))
  leave()
  const labeled = await service().onTape('reconciler.setup_outcome.decided')
  expect(labeled.length).toBeGreaterThan(5)
  const ids = labeled.map(({ payload }) => payload.setup_event_id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(attempts.slice(0, ids.length - 1).filter((id) => !ids.includes(id))).toEqual([])
  expect(await measures()).toMatch(/tapedeck_setup_outcomes_total\{timeframe="15m",outcome="hit_/)
  expect(await measures()).toMatch(/tapedeck_setup_attempts_open\{/)
  expect((await service().call('GET', '/live')).status).toBe(200)
})
