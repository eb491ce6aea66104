import { connectBus } from '@tapedeck/bus'
import { catalogData, codeFingerprint, serveTrials } from '@tapedeck/backtest'
import { TapedeckError } from '@tapedeck/contracts'
import { EXIT } from '../exit-codes.ts'
import { catchStopSignals } from '../stop-signals.ts'
import { say, utc, type Terminal } from '../terminal/index.ts'
import { WANTED_CODE } from './local-workers.ts'
import { natsAddress } from './nats-address.ts'

export interface WorkerOptions {
  readonly nats: string | undefined
  readonly tapes: readonly string[]
  readonly concurrency: number
  readonly trialLimitS: number
  readonly heapMb: number
}

/** Works for searches of any coordinator on that NATS server until it is stopped. */
export const runWorker = async (terminal: Terminal, options: WorkerOptions): Promise<number> => {
  const address = options.nats ?? terminal.env['NATS_URL']
  if (address === undefined || address === '') {
    throw new TapedeckError('VALIDATION_FAILED', 'which NATS server is not said', {
      hint: 'Give --nats nats://user:password@host:4222, or set NATS_URL.',
    })
  }
  const at = natsAddress(address)
  const code = codeFingerprint()
  const wanted = terminal.env[WANTED_CODE] ?? code
  if (wanted !== code) {
    throw new TapedeckError('STATE_CONFLICT', 'the sources changed since the search was started', {
      hint: 'Start the search again; it is another one now.',
    })
  }
  const catalog = await catalogData(options.tapes, (path, why) =>
    say(terminal, `left out ${path}: ${why}`),
  )
  const places = Object.entries(catalog)
  if (places.length === 0) {
    throw new TapedeckError(
      'NOT_FOUND',
      `no tape and no file of bars in ${options.tapes.join(', ')}`,
      {
        hint: 'Copy what is to be played there; it is known by its contents, not by its name.',
      },
    )
  }
  for (const [fingerprint, { path }] of places)
    say(terminal, `has ${fingerprint.slice(0, 12)} ${path}`)
  const stop = catchStopSignals(() => say(terminal, 'Stopping after the trials in hand…'))
  // Started by a search: it ends with it, however that ended.
  if (process.connected) process.once('disconnect', () => process.exit(EXIT.OK))
  const bus = await connectBus({
    ...at,
    name: 'tapedeck-worker',
    signal: stop.signal,
    onStatus: (status) => say(terminal, `NATS ${at.servers}: ${status}`),
  })
  say(terminal, `Working, code ${code.slice(0, 12)}, ${options.concurrency} at a time.`)
  try {
    await serveTrials({
      bus,
      catalog,
      code,
      concurrency: options.concurrency,
      trialMsMax: options.trialLimitS * 1_000,
      heapMb: options.heapMb,
      signal: stop.signal,
      onDone: ({ id, problem }) => {
        if (problem !== null)
          say(terminal, `${utc(Date.now())} trial ${id.slice(0, 12)}: ${problem}`)
      },
    })
  } finally {
    await bus.close()
    stop.release()
  }
  return stop.exitCode() ?? EXIT.OK
}
