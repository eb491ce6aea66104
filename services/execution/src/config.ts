import { DECIDES } from '@tapedeck/contracts'
import { defineConfig } from '@tapedeck/runtime'

/** Nothing beside what every service reads: how it trades is in the trading configuration. */
export const CONFIG = defineConfig({})

/** The sections that its orders depend on. */
export const decides = DECIDES.execution
