import { DECIDES } from '@tapedeck/contracts'
import { defineConfig } from '@tapedeck/runtime'
import { z } from 'zod'

export const CONFIG = defineConfig({
  TAPEDECK_ARCHIVE_DIR: {
    schema: z.string().min(1).default('.tapedeck/archive'),
    description: 'Folder of the archived tape: compressed files, one folder a run',
  },
})

/** It records; nothing of the trading configuration changes what. */
export const decides = DECIDES.journal
