import type { TradingConfig } from '@tapedeck/contracts'
import { defineConfig } from '@tapedeck/runtime'

/** Nothing beside what every service reads: its limits are in the trading configuration. */
export const CONFIG = defineConfig({})

/** The sections that its decisions depend on. */
export const decides = ({ risk, session, execution, instruments }: TradingConfig) => ({
  risk,
  session,
  execution: { account: execution.account, starting_balance: execution.starting_balance },
  instruments,
})
