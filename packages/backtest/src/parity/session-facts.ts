import { type Message, type MessageType, isType } from '@tapedeck/contracts'

type Payload<T extends MessageType> = Message<T>['payload']
export type Signal = Payload<'setup.signal.generated'>
export type Approved = Payload<'risk.signal.approved'>
export type Denied = Payload<'risk.signal.denied'>
export type Fill = NonNullable<Payload<'execution.order.filled'>['fill']>
type Trade = Payload<'execution.trade.started'>['trade']
type Closed = Payload<'execution.trade.closed'>

export type TradeFacts = {
  trade: Trade
  readonly entries: Fill[]
  readonly exits: Fill[]
  closed: Closed | null
  /** Why the entry was given up; null when it was not. */
  abandoned: string | null
}

export type SignalFacts = {
  readonly signal: Signal
  approved: Approved | null
  denied: Denied | null
  trade: TradeFacts | null
}

/** Everything that parity reads of a session. */
export const PARITY_TYPES = [
  'setup.signal.generated',
  'risk.signal.approved',
  'risk.signal.denied',
  'risk.command.received',
  'execution.command.received',
  'execution.trade.started',
  'execution.trade.opened',
  'execution.trade.abandoned',
  'execution.trade.closed',
  'execution.order.partially_filled',
  'execution.order.filled',
] as const satisfies readonly MessageType[]

/** Signals with what became of them. Holds as much as there are signals and fills. */
export class SessionFacts {
  readonly signals = new Map<string, SignalFacts>()
  readonly commands: { readonly at: number; readonly what: string }[] = []
  readonly #trades = new Map<string, TradeFacts>()

  hear(message: Message): void {
    if (isType(message, 'setup.signal.generated')) {
      const { payload: signal } = message
      this.signals.set(signal.signal_id, { signal, approved: null, denied: null, trade: null })
    } else if (isType(message, 'risk.signal.approved'))
      Object.assign(this.#of(message.payload) ?? {}, { approved: message.payload })
    else if (isType(message, 'risk.signal.denied'))
      Object.assign(this.#of(message.payload) ?? {}, { denied: message.payload })
    else this.#hearExecution(message)
  }

  #hearExecution(message: Message): void {
    if (
      isType(message, 'execution.order.filled') ||
      isType(message, 'execution.order.partially_filled')
    )
      this.#fill(message.payload)
    else if (
      isType(message, 'execution.trade.started') ||
      isType(message, 'execution.trade.opened') ||
      isType(message, 'execution.trade.abandoned')
    ) {
      const facts = this.#trade(message.payload.trade)
      if (message.type === 'execution.trade.abandoned') facts.abandoned = message.payload.reason
    } else if (isType(message, 'execution.trade.closed'))
      this.#trade(message.payload.trade).closed = message.payload
    else this.#command(message)
  }

  #command(message: Message): void {
    if (isType(message, 'risk.command.received')) {
      const { command, by, reason } = message.payload
      this.commands.push({ at: message.occurred_at, what: `${command} by ${by}: ${reason}` })
    } else if (isType(message, 'execution.command.received')) {
      const { command, target, by, reason } = message.payload
      this.commands.push({
        at: message.occurred_at,
        what: `${command} ${target} by ${by}: ${reason}`,
      })
    }
  }

  #of({ signal_id }: { signal_id: string }): SignalFacts | undefined {
    return this.signals.get(signal_id)
  }

  #trade(trade: Trade): TradeFacts {
    let facts = this.#trades.get(trade.trade_id)
    if (facts === undefined) {
      facts = { trade, entries: [], exits: [], closed: null, abandoned: null }
      this.#trades.set(trade.trade_id, facts)
      Object.assign(this.#of(trade) ?? {}, { trade: facts })
    }
    facts.trade = trade
    return facts
  }

  #fill({ order, fill }: Payload<'execution.order.filled'>): void {
    const facts = this.#trades.get(order.trade_id)
    if (fill === null || facts === undefined) return
    if (order.role === 'ENTRY') facts.entries.push(fill)
    else facts.exits.push(fill)
  }
}
