import { type RiskConfig, hasCode } from '@tapedeck/contracts'
import { type Limits, applyLimits, dec, houseMoney, riskOfRuin } from '@tapedeck/core'
import type { z } from 'zod'
import type { Picture, TradeRecordSums } from './picture.ts'
import type { SizingView } from './status-schema.ts'

/** Fewer trades say nothing about an edge. */
const TRADES_MIN = 20

/** The limits as they are in force: the configuration with what an operator has changed since. */
const limitsInForce = (risk: RiskConfig, changes: Limits | null): RiskConfig => {
  if (changes === null) return risk
  try {
    return applyLimits(risk, changes)
  } catch (error) {
    // Set under another version of the configuration: then that is what this service knows.
    if (hasCode(error, 'VALIDATION_FAILED')) return risk
    throw error
  }
}

interface Edge {
  readonly winRate: number | null
  readonly payoff: number | null
  readonly unknownBecause: string | null
}

const edgeOf = ({ wins, losses, won, lost }: TradeRecordSums): Edge => {
  const trades = wins + losses
  const winRate = trades === 0 ? null : wins / trades
  const payoff = wins === 0 || losses === 0 ? null : won / wins / (lost / losses)
  const missing =
    trades < TRADES_MIN
      ? `${trades} closed trades, at least ${TRADES_MIN} are needed`
      : 'there is no win or no loss yet to measure the payoff by'
  return {
    winRate,
    payoff,
    unknownBecause: trades < TRADES_MIN || payoff === null ? missing : null,
  }
}

/** Both sizing policies side by side, with the risk of ruin that this run's own trades imply. */
export const sizingView = (
  configured: RiskConfig,
  picture: Picture,
): z.infer<typeof SizingView> => {
  const risk = limitsInForce(configured, picture.limits?.payload.limits ?? null)
  const session = picture.session?.payload ?? null
  const inForce = session?.sizing_policy ?? risk.sizing_policy
  const { winRate, payoff, unknownBecause } = edgeOf(picture.record)
  const ruinPercent = risk.breakers.drawdown_percent

  const policy = (name: 'fixed_fraction' | 'house_money', multiplier: number | null) => {
    const riskPercent =
      multiplier === null ? null : dec(risk.base_risk_percent).times(multiplier).toNumber()
    const isKnown =
      unknownBecause === null && winRate !== null && payoff !== null && riskPercent !== null
    return {
      policy: name,
      in_force: name === inForce,
      risk_multiplier: multiplier,
      risk_percent: riskPercent,
      risk_of_ruin: isKnown ? riskOfRuin({ winRate, payoff, riskPercent, ruinPercent }) : null,
    }
  }

  const compounding =
    session === null
      ? null
      : houseMoney(
          dec(session.start_equity).toNumber(),
          dec(session.start_equity).plus(session.realized_pnl).toNumber(),
          risk,
        ).multiplier
  return {
    base_risk_percent: risk.base_risk_percent,
    policies: [policy('fixed_fraction', 1), policy('house_money', compounding)],
    ruin_percent: ruinPercent,
    trades: picture.record.wins + picture.record.losses,
    win_rate: winRate,
    payoff,
    unknown_because: unknownBecause,
  }
}
