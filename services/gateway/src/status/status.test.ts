import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { rawMessage } from '@tapedeck/bus'
import { ExecutionConfig, type MessageType, RiskConfig } from '@tapedeck/contracts'
import { riskOfRuin } from '@tapedeck/core'
import { breakEvenView } from './break-even-view.ts'
import { Picture } from './picture.ts'
import { sizingView } from './sizing-view.ts'
import { positionViews, runView, setupView } from './trading-views.ts'

type Envelope = { run_id: string; payload: Record<string, unknown> }
const FIXTURES = new URL('../../../../packages/contracts/fixtures/', import.meta.url)

const envelope = (type: MessageType, version: number, payload: object = {}): Envelope => {
  const text = readFileSync(new URL(`${type}.v${version}.json`, FIXTURES), 'utf8')
  const read = JSON.parse(text) as Envelope
  return { ...read, payload: { ...read.payload, ...payload } }
}

let picture: Picture
let seq = 0

const note = (type: MessageType, payload: object = {}, { version = 1, run = '' } = {}): void => {
  const read = envelope(type, version, payload)
  const bytes = Buffer.from(JSON.stringify(run === '' ? read : { ...read, run_id: run }))
  const subject = `tape.${type}.x`
  picture.note(
    rawMessage({ seq: ++seq, subject, bytes, storedAt: 0, readHeaders: () => undefined }),
  )
}

const close = (r: number): void => note('execution.trade.closed', { r_multiple: r }, { version: 2 })

beforeEach(() => {
  picture = new Picture()
})

const OTHER_RUN = '11111111-1111-5111-8111-111111111111'

describe('the picture', () => {
  it('shows an open position with the stop and the target of its trade', () => {
    note('market.run.started')
    note('execution.trade.protected')
    const held = envelope('execution.position.changed', 1).payload
    const { trade } = envelope('execution.trade.stop_moved', 1).payload
    const moved = { ...(trade as { target_price: string }), stop_price: '60111.1' }
    note('execution.trade.stop_moved', { trade: { ...moved, trade_id: held['trade_id'] } })
    note('execution.position.changed')
    expect(positionViews(picture)).toEqual([
      expect.objectContaining({
        trade_id: held['trade_id'],
        side: held['side'],
        quantity: held['quantity'],
        stop_price: '60111.1',
        target_price: moved.target_price,
      }),
    ])
  })

  it('shows no position once it is flat', () => {
    note('market.run.started')
    note('execution.position.changed')
    note('execution.position.changed', { side: 'FLAT', quantity: '0', trade_id: null })
    expect(positionViews(picture)).toEqual([])
  })

  it('joins a setup with what risk said about it', () => {
    note('market.run.started')
    note('setup.evaluated', { setup_id: 'one' })
    note('setup.evaluated', { setup_id: 'two' })
    note('risk.signal.denied', { setup_id: 'one' })
    const views = picture.setups.map((setup) => setupView(setup, picture))
    expect(views.map(({ setup_id, decision }) => [setup_id, decision])).toEqual([
      ['two', null],
      ['one', 'denied'],
    ])
    expect(views[0]?.boxes).toHaveLength(5)
    expect(picture.refusals).toHaveLength(1)
  })

  it('forgets one run when another begins, and ignores what belongs to another', () => {
    note('market.run.started')
    note('setup.evaluated')
    note('risk.session.updated')
    note('risk.session.updated', {}, { run: OTHER_RUN })
    expect(picture.session).not.toBeNull()
    note('market.run.started', { kind: 'generated' }, { run: OTHER_RUN })
    expect(picture).toMatchObject({ session: null, setups: [], runId: OTHER_RUN })
    expect(runView(picture)).toMatchObject({ kind: 'generated', ended: null })
  })

  it('knows neither run nor kind when the tape has forgotten the start, but the rest', () => {
    note('risk.session.updated')
    expect(runView(picture)).toBeNull()
    expect(picture.session).not.toBeNull()
  })

  it('keeps a bounded number of setups', () => {
    note('market.run.started')
    for (let i = 0; i < 30; i++) note('setup.evaluated', { setup_id: `s${i}` })
    expect(picture.setups.map(({ payload }) => payload.setup_id).slice(0, 2)).toEqual([
      's29',
      's28',
    ])
    expect(picture.setups).toHaveLength(10)
  })
})

describe('sizing', () => {
  const risk = RiskConfig.parse({})
  it('is unknown where nothing is known', () => {
    note('market.run.started')
    expect(sizingView(risk, picture)).toMatchObject({
      policies: [
        {
          policy: 'fixed_fraction',
          in_force: true,
          risk_multiplier: 1,
          risk_percent: 0.25,
          risk_of_ruin: null,
        },
        {
          policy: 'house_money',
          in_force: false,
          risk_multiplier: null,
          risk_percent: null,
          risk_of_ruin: null,
        },
      ],
      win_rate: null,
      payoff: null,
      unknown_because: '0 closed trades, at least 20 are needed',
    })
  })

  it('computes the risk of ruin of both policies from the trades of the run', () => {
    note('market.run.started')
    note('risk.session.updated', {
      start_equity: '10000',
      realized_pnl: '100',
      sizing_policy: 'house_money',
    })
    for (let i = 0; i < 12; i++) close(1.5)
    for (let i = 0; i < 8; i++) close(-1)
    close(0)
    const { policies, win_rate, payoff, trades } = sizingView(risk, picture)
    expect({ win_rate, payoff, trades }).toEqual({ win_rate: 0.6, payoff: 1.5, trades: 20 })
    // 1 % profit, half of it at risk: 0.5 % more on a base of 0.25 % is three times the base.
    expect(
      policies.map(({ risk_multiplier, risk_percent, in_force }) => [
        risk_multiplier,
        risk_percent,
        in_force,
      ]),
    ).toEqual([
      [1, 0.25, false],
      [3, 0.75, true],
    ])
    const ruin = (riskPercent: number) =>
      riskOfRuin({
        winRate: 0.6,
        payoff: 1.5,
        riskPercent,
        ruinPercent: risk.breakers.drawdown_percent,
      })
    expect(policies.map(({ risk_of_ruin }) => risk_of_ruin)).toEqual([ruin(0.25), ruin(0.75)])
  })

  it('follows the limits that an operator has changed', () => {
    note('market.run.started')
    note('risk.limits.changed', { limits: { base_risk_percent: 0.5 } })
    expect(sizingView(risk, picture).base_risk_percent).toBe(0.5)
    note('risk.limits.changed', { limits: { of_another_version: 1 } })
    expect(sizingView(risk, picture).base_risk_percent).toBe(0.25)
  })
})

describe('break-even', () => {
  it('says that the default buffer does not pay for the fees', () => {
    expect(breakEvenView(ExecutionConfig.parse({}))).toEqual({
      buffer_percent: 0.02,
      maker_percent: 0.02,
      taker_percent: 0.04,
      fees_percent: 0.08,
      fees_maker_entry_percent: 0.06,
      result_percent: -0.06,
      covers_fees: false,
      sentence:
        'The break-even buffer of 0.02 % does not cover two taker fees of 0.04 %: a trade stopped at break-even loses 0.06 % before slippage (-0.04 % when the entry was a maker).',
    })
  })

  it('says when it does', () => {
    const view = breakEvenView(ExecutionConfig.parse({ break_even: { buffer_percent: 0.1 } }))
    expect(view).toMatchObject({ covers_fees: true, result_percent: 0.02 })
    expect(view.sentence).toContain('keeps 0.02 %')
  })
})
