import { DECIDES } from '@tapedeck/contracts'
import { defineConfig, urlOf } from '@tapedeck/runtime'
import { z } from 'zod'

/** How it trades is in the trading configuration; keys and places of a live venue are here, and nowhere else. */
export const CONFIG = defineConfig({
  BINANCE_NETWORK: {
    schema: z.enum(['mainnet', 'demo', 'custom'], 'expected mainnet, demo or custom').optional(),
    description:
      'Where execution.venue binance-usdm trades: mainnet (real money), demo, or custom (the two URLs)',
  },
  BINANCE_LIVE_ACCOUNT: {
    schema: z.string().max(40).optional(),
    description: 'Has to repeat execution.account before real money is traded',
  },
  BINANCE_REST_URL: {
    schema: urlOf('https', 'http').optional(),
    description: 'REST of the network custom',
    example: 'http://127.0.0.1:8790',
  },
  BINANCE_STREAM_URL: {
    schema: urlOf('wss', 'ws').optional(),
    description: 'Streams of the network custom',
    example: 'ws://127.0.0.1:8790',
  },
  BINANCE_API_KEY: {
    schema: z.string().optional(),
    description: 'API key of the venue; trading permission, no withdrawals',
    secret: true,
    ownerOnly: true,
  },
  BINANCE_API_KEY_FILE: {
    schema: z.string().optional(),
    description:
      'File with it, instead of BINANCE_API_KEY; read again when the venue refuses the key',
  },
  BINANCE_API_SECRET: {
    schema: z.string().optional(),
    description: 'Secret of BINANCE_API_KEY',
    secret: true,
    ownerOnly: true,
  },
  BINANCE_API_SECRET_FILE: {
    schema: z.string().optional(),
    description:
      'File with it, instead of BINANCE_API_SECRET; read again when the venue refuses the key',
  },
  BINANCE_CREDENTIALS_FILE: {
    schema: z.string().optional(),
    description: 'Encrypted file with both, instead of the two keys before',
  },
  BINANCE_PASSPHRASE: {
    schema: z.string().optional(),
    description: 'Opens BINANCE_CREDENTIALS_FILE',
    secret: true,
    ownerOnly: true,
  },
  BINANCE_PASSPHRASE_FILE: {
    schema: z.string().optional(),
    description:
      'File with it, instead of BINANCE_PASSPHRASE; read again when the venue refuses the key',
  },
})

/** The sections that its orders depend on. */
export const decides = DECIDES.execution
