import type { ServiceContext } from '@tapedeck/runtime'
import type { CONFIG } from './config.ts'
import type { Tables } from './store.ts'

/** What the gateway is given by its host. */
export type Context = ServiceContext<typeof CONFIG, Tables>
