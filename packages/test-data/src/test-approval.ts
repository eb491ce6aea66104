import type { PayloadOf } from '@tapedeck/contracts'

type Approval = PayloadOf<'risk.signal.approved'>

/** What a test says about an approval; the rest follows from it. */
export type ApprovalFacts = {
  readonly at: number
  /** Default: `one`. Decision, signal and setup are named after it. */
  readonly id?: string
  readonly account?: string
  readonly venue?: string
  readonly symbol?: string
  readonly side?: 'BUY' | 'SELL'
  readonly order?: Partial<Approval['order']>
}

const VALID_MS = 5_000

/**
 * Risk's approval of a signal, good for five seconds: by default a long of 0.1 at 50000, stop 49900,
 * target 50300 (a short mirrors it).
 */
export const testApproval = (facts: ApprovalFacts): Approval => {
  const { at, id = 'one', side = 'BUY' } = facts
  const traded = {
    venue: facts.venue ?? 'binance-usdm',
    symbol: facts.symbol ?? 'BTCUSDT',
    side,
  }
  return {
    account: facts.account ?? 'paper',
    ...traded,
    decision_id: `decision-${id}`,
    signal_id: `signal-${id}`,
    setup_id: `setup-${id}`,
    at,
    strategy: 'trend_continuation',
    grade: 'A',
    effective_grade: 'A',
    inputs: { price: {}, volatility: {}, equity: {}, system: {}, risk: {} },
    checks: [],
    calculation: '',
    order: {
      ...traded,
      quantity: '0.1',
      entry_price: '50000',
      stop_price_abs: side === 'BUY' ? '49900' : '50100',
      target_price_abs: side === 'BUY' ? '50300' : '49700',
      risk_amount: '10',
      notional: '5000',
      leverage: 0.5,
      expires_at: at + VALID_MS,
      ...facts.order,
    },
  }
}
