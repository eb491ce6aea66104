import { DECIDES } from '@tapedeck/contracts'
import { defineConfig } from '@tapedeck/runtime'

/** Nothing beside what every service reads: what it grades by is in the trading configuration. */
export const CONFIG = defineConfig({})

/** The sections that its evaluations depend on. */
export const decides = DECIDES['setup-generator']
