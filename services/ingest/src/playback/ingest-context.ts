import type { ServiceContext } from '@tapedeck/runtime'
import type { CONFIG } from '../config.ts'
import type { Tables } from '../migrations.ts'

/** What ingest is given by its host. */
export type IngestContext = ServiceContext<typeof CONFIG, Tables>
