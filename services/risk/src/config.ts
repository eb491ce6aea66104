import { DECIDES } from '@tapedeck/contracts'
import { defineConfig } from '@tapedeck/runtime'

/** Nothing beside what every service reads: its limits are in the trading configuration. */
export const CONFIG = defineConfig({})

/** The sections that its decisions depend on. */
export const decides = DECIDES.risk
