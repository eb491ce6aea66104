import type { ExecutionConfig, Message, Output, VenueReported } from '@tapedeck/contracts'
import {
  START,
  SYMBOL,
  Scenario,
  VENUE,
  message,
  reconciled,
  runStarted,
  tradingState,
} from './scenario.ts'

/** A run on a live market, as a live venue needs it. */
export const liveRun = (at = START): Message => {
  const run = runStarted(at) as Message<'market.run.started'>
  return { ...run, payload: { ...run.payload, kind: 'live', lockstep: false } }
}

/** A look at the venue that was clean and showed this wallet. */
export const seenWallet = (at: number, wallet: string): Message => {
  const look = reconciled(at) as Message<'reconciler.run.completed'>
  const balances = [{ asset: 'USDT', wallet }]
  const seen = { at, orders: [], positions: [], fills: [], balances }
  return { ...look, payload: { ...look.payload, seen } }
}

let nextReport = 1

export type Told = Partial<VenueReported> & { report: VenueReported['report'] }

/** What a venue tells of an order. */
export const report = (at: number, told: Told): Message => {
  const payload: VenueReported = {
    account: 'paper',
    venue: VENUE,
    symbol: SYMBOL,
    report_id: `report-${nextReport++}`,
    client_order_id: null,
    venue_order_id: null,
    side: null,
    fill: null,
    filled_quantity: null,
    amount: null,
    code: null,
    reason: null,
    may_resend: false,
    retry_in_ms: null,
    learned_by: 'stream',
    at,
    ...told,
  }
  return message('execution.venue.reported', at, payload)
}

export const fillOf = (
  id: string,
  quantity: string,
  price: string,
  fee = '0.1',
): NonNullable<VenueReported['fill']> => ({
  fill_id: `${SYMBOL}-${id}`,
  quantity,
  price,
  fee,
  fee_asset: 'USDT',
  liquidity: 'TAKER',
})

/** A scenario on a live venue, and the ids of what it last sent. */
export class RemoteScenario extends Scenario {
  static live(config: Partial<ExecutionConfig> = {}): RemoteScenario {
    const scenario = new RemoteScenario({ venue: 'binance-usdm', ...config })
    scenario.play(liveRun(), seenWallet(START, '5000'), tradingState(START, 'ACTIVE'))
    scenario.print(START, 500_000)
    return scenario
  }

  /** Client id of the newest order of a role that was sent. */
  sent(role: string): string {
    const found = this.sentAll(role).at(-1)
    if (found === undefined) throw new Error(`no ${role} was sent`)
    return found
  }

  sentAll(role: string): string[] {
    return this.outputs.flatMap((one: Output) =>
      one.type === 'execution.order.submitted' && one.payload.order.role === role
        ? [one.payload.order.client_order_id]
        : [],
    )
  }

  tell(at: number, role: string, what: Told): Output[] {
    return this.play(report(at, { client_order_id: this.sent(role), ...what }))
  }
}
