import { DECIDES } from '@tapedeck/contracts'
import { defineConfig } from '@tapedeck/runtime'

/** Nothing beside what every service reads: no model is configured by default. */
export const CONFIG = defineConfig({})

/** What its reviews depend on. */
export const decides = DECIDES.analyst
