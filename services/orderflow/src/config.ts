import { DECIDES } from '@tapedeck/contracts'
import { defineConfig } from '@tapedeck/runtime'

/** Nothing beside what every service reads: what it measures by is in the trading configuration. */
export const CONFIG = defineConfig({})

/** The sections that its measures depend on. */
export const decides = DECIDES.orderflow
