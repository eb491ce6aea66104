import { TapedeckError } from '@tapedeck/contracts'
import type { ServerProcess } from './server-process.ts'

/** What every launcher takes. */
export type StartOptions = {
  /** Where it keeps everything: data, log, configuration, passwords. */
  readonly dataDir: string
  /** 0 (the default): a free one. */
  readonly port?: number
  /** Hears what takes longer than a moment (downloads, first initialization). */
  readonly onProgress?: (text: string) => void
  /** Whether a URL in the environment wins. Tests that stop their server say false. */
  readonly useEnvironment?: boolean
}

/** A server that somebody else runs: ours to use, not to stop. */
export const externalServer = (name: string, port: number): ServerProcess => {
  const refuse = async (): Promise<never> => {
    throw new TapedeckError(
      'STATE_CONFLICT',
      `${name} was named by the environment; only who started it can stop it`,
    )
  }
  return {
    port,
    pid: null,
    stop: async () => {},
    kill: refuse,
    restart: refuse,
    onExit: () => {},
  }
}
