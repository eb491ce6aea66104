import { OpenPosition, ZERO, type Dec } from '@tapedeck/core'
import type { MarginType } from './account-types.ts'
import type { ClientOrder } from '../orders/client-order.ts'
import type { PositionSideName } from '../orders/order-types.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

/** One position of an account: of a symbol in one-way mode, of one side of it in hedge mode. */
export class Holding {
  readonly stake: Stake
  readonly side: PositionSideName
  readonly position: OpenPosition
  /** Isolated: what of the wallet belongs to this position. */
  isolatedWallet: Dec = ZERO
  /** Fees less realized gains since the position was flat: what a break-even has to make up for. */
  toRecover: Dec = ZERO
  /** Tick-lots of open orders that would open, at their prices. */
  openBuys = 0
  openSells = 0
  updatedAt = 0
  /** Isolated: a margin call was told and not yet taken back. */
  marginCalled = false

  constructor(stake: Stake, side: PositionSideName, position = new OpenPosition()) {
    this.stake = stake
    this.side = side
    this.position = position
  }

  get lots(): number {
    return this.position.lots
  }

  get isFlat(): boolean {
    return this.position.lots === 0
  }

  get isIdle(): boolean {
    return this.isFlat && this.openBuys === 0 && this.openSells === 0
  }

  /** Unrealized gain at the mark; 0 while none is known. */
  get unrealized(): Dec {
    const { rules, marked } = this.stake.market
    if (this.isFlat || marked === null) return ZERO
    return marked.perLot.times(this.lots).minus(rules.tickLot.times(this.position.costTickLots))
  }

  /** Quote value at the mark, signed. At the entry price where no mark is known. */
  get notional(): Dec {
    const { rules, marked } = this.stake.market
    if (this.isFlat) return ZERO
    return marked === null
      ? rules.tickLot.times(this.position.costTickLots)
      : marked.perLot.times(this.lots)
  }
}

/** What an account has to do with a symbol: settings, positions, open orders. */
export class Stake {
  readonly market: SymbolMarket
  leverage: number
  marginType: MarginType = 'CROSSED'
  readonly both: Holding
  readonly long: Holding
  readonly short: Holding
  readonly holdings: readonly Holding[]
  /** Open plain orders, oldest first. */
  readonly open = new Set<ClientOrder>()

  /** `positions`: what is held, where it is not made anew. */
  constructor(
    market: SymbolMarket,
    leverage: number,
    positions: Readonly<Partial<Record<PositionSideName, OpenPosition>>> = {},
  ) {
    this.market = market
    this.leverage = leverage
    this.both = new Holding(this, 'BOTH', positions.BOTH)
    this.long = new Holding(this, 'LONG', positions.LONG)
    this.short = new Holding(this, 'SHORT', positions.SHORT)
    this.holdings = [this.both, this.long, this.short]
  }

  holding(side: PositionSideName): Holding {
    if (side === 'BOTH') return this.both
    return side === 'LONG' ? this.long : this.short
  }

  get isFlat(): boolean {
    return this.both.isFlat && this.long.isFlat && this.short.isFlat
  }
}
