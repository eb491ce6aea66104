import { TAPEDECK_NAMESPACE, uuid5, type SetupState } from '@tapedeck/contracts'

/** What names a chain: where and when it began, and which versions saw it. */
export type ChainName = {
  readonly venue: string
  readonly symbol: string
  readonly timeframe: string
  readonly startedAt: number
  readonly engine: string
  readonly features: string
  readonly template: string | null
}

/** The id of a setup's life: the same bars under the same versions give the same id in every run. */
export const setupChainId = (chain: ChainName): string =>
  uuid5(
    TAPEDECK_NAMESPACE,
    [
      'setup_chain',
      chain.venue,
      chain.symbol,
      chain.timeframe,
      chain.startedAt,
      chain.engine,
      chain.features,
      chain.template ?? '',
    ].join('|'),
  )

/** The id of one transition in it. A chain enters each state once. */
export const setupEventId = (chainId: string, state: SetupState): string => uuid5(chainId, state)
