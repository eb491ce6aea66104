import type { RiskConfig } from '@tapedeck/contracts'

/** What session profit permits to risk. Money in quote units, percent of the start. */
export type HouseMoney = {
  readonly pnl: number
  readonly pnl_percent: number
  readonly house_money: number
  readonly multiplier: number
  readonly can_compound: boolean
}

/**
 * S3 §7.2: from a minimum profit on, a share of the session's profit raises the risk multiplier, up to
 * a cap. It never falls below 1. Without a positive start nothing compounds.
 */
export const houseMoney = (
  start: number,
  current: number,
  config: Pick<RiskConfig, 'base_risk_percent' | 'house_money'>,
): HouseMoney => {
  const { profit_risk_ratio, min_profit_percent, max_multiplier } = config.house_money
  const pnl = current - start
  const pnl_percent = start > 0 ? (pnl / start) * 100 : 0
  const can_compound = start > 0 && pnl_percent >= min_profit_percent
  const house_money = can_compound ? pnl * profit_risk_ratio : 0
  const extra = can_compound ? ((house_money / start) * 100) / config.base_risk_percent : 0
  return {
    pnl,
    pnl_percent,
    house_money,
    multiplier: can_compound ? Math.min(1 + extra, max_multiplier) : 1,
    can_compound,
  }
}
