import type { TradingState } from '@tapedeck/contracts'

/** Who can hold trading back. Each holds for its own reason and lets go for its own. */
export const HOLDERS = ['operator', 'session', 'reconciliation', 'account'] as const
export type Holder = (typeof HOLDERS)[number]

/** HALTED: nothing new, no matter what. REDUCING: only what makes exposure smaller. */
export type Hold = {
  readonly state: Exclude<TradingState, 'ACTIVE'>
  readonly reason: string
  readonly by: string
}
export type Holds = { readonly [K in Holder]?: Hold }

/** Nothing may trade before the books are compared and the account is known. */
export const initialHolds = (): Holds => ({
  reconciliation: {
    state: 'HALTED',
    reason: 'waiting for the first clean reconciliation',
    by: 'risk',
  },
  account: { state: 'HALTED', reason: 'waiting for the first account event', by: 'risk' },
})

/** The strongest hold decides; among equals the first in `HOLDERS`. ACTIVE when nobody holds. */
export const tradingStateOf = (
  holds: Holds,
): { readonly state: TradingState; readonly reason: string; readonly by: string } => {
  const held = HOLDERS.flatMap((holder) => holds[holder] ?? [])
  return (
    held.find(({ state }) => state === 'HALTED') ??
    held[0] ?? { state: 'ACTIVE', reason: 'nothing holds trading back', by: 'risk' }
  )
}

export const withHold = (holds: Holds, holder: Holder, hold: Hold): Holds => ({
  ...holds,
  [holder]: hold,
})

export const withoutHold = (holds: Holds, holder: Holder): Holds =>
  Object.fromEntries(Object.entries(holds).filter(([name]) => name !== holder))

/**
 * A comparison with the venue ended. The first must be clean, and one at a start (execution lost its
 * memory) too: until then HALTED. Later differences leave open positions to be worked down: REDUCING.
 */
export const afterReconciliation = (
  holds: Holds,
  run: { readonly clean: boolean; readonly trigger: string; readonly findings: number },
): Holds => {
  if (run.clean) return withoutHold(holds, 'reconciliation')
  const halted = run.trigger === 'start' || holds.reconciliation?.state === 'HALTED'
  return withHold(holds, 'reconciliation', {
    state: halted ? 'HALTED' : 'REDUCING',
    reason: `reconciliation (${run.trigger}) found ${run.findings} differences`,
    by: 'reconciler',
  })
}
