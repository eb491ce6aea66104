import { DECIDES } from '@tapedeck/contracts'
import { defineConfig } from '@tapedeck/runtime'

/** Nothing beside what every service reads: how often it looks is in the trading configuration. */
export const CONFIG = defineConfig({})

/** The sections that its corrections depend on. */
export const decides = DECIDES.reconciler
