import {
  type BacktestContext,
  type BacktestResult,
  ORDER_FLOW,
  collectContext,
  runMarketBacktest,
} from '@tapedeck/backtest'
import { TapedeckError, type TradingConfig } from '@tapedeck/contracts'
import { loadTradingConfig } from '@tapedeck/runtime'
import { EXIT } from '../exit-codes.ts'
import { catchStopSignals } from '../stop-signals.ts'
import { StatusLine, type Terminal, paint, printLine, say, utc } from '../terminal/index.ts'
import type { BacktestCommand } from './backtest-command.ts'
import { assertPossible } from './check-command.ts'
import { DECIDED, MessageFile } from './message-file.ts'
import { openMarket } from './open-market.ts'
import { printResult } from './print-result.ts'
import { type Settings, readSettings } from './read-settings.ts'
import { runBars } from './run-bars.ts'
import { assertFree, writeResults } from './write-results.ts'

export type { BacktestCommand } from './backtest-command.ts'

interface Running {
  readonly settings: Settings
  readonly messages: MessageFile | null
  readonly signal: AbortSignal
  readonly onProgress: (at: number, to: number | null) => void
}

const assertNoneOwn = (own: Settings['own']): void => {
  const [name] = Object.keys(own)
  if (name !== undefined)
    throw new TapedeckError(
      'VALIDATION_FAILED',
      `--set ${name}: the order-flow brain has only keys of the trading configuration`,
      {
        hint: 'Name it with its section, e.g. strategy.cooldown_ms; docs/reference/config.md has all.',
      },
    )
}

const playOrderFlow = async (
  command: BacktestCommand,
  { settings, messages, signal, onProgress }: Running,
): Promise<BacktestResult> => {
  const { trading, own } = settings
  assertNoneOwn(own)
  const { market, runId } = await openMarket(command.paths, trading, command.symbol)
  const { from, to, warmUpMs } = command
  const isWhole = from === undefined && to === undefined
  return await runMarketBacktest({
    market,
    trading,
    warmUpMs,
    signal,
    onProgress: (progress) => onProgress(progress.at, progress.to),
    ...(isWhole && runId !== null ? { runId } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(messages === null
      ? {}
      : {
          messageTypes: DECIDED,
          onMessage: (message) => messages.add(message.toEnvelope()),
        }),
  })
}

const play = async (command: BacktestCommand, running: Running): Promise<BacktestResult> => {
  if (command.strategy === ORDER_FLOW) return await playOrderFlow(command, running)
  const { settings, messages, signal, onProgress } = running
  return await runBars(command, {
    ...settings,
    signal,
    onProgress: (at) => onProgress(at, command.to ?? null),
    onEvent: messages === null ? null : (event) => messages.add(event),
  })
}

/** The market around the trades, read again; damaged data costs the pictures, never the result. */
const contextOf = async (
  terminal: Terminal,
  { paths, symbol, strategy }: BacktestCommand,
  trading: TradingConfig,
  { trades }: BacktestResult,
): Promise<BacktestContext | null> => {
  if (strategy !== ORDER_FLOW || trades.length === 0) return null
  try {
    const { market } = await openMarket(paths, trading, symbol)
    return await collectContext(market, trading, trades)
  } catch (error) {
    say(
      terminal,
      `No pictures of the trades: ${Error.isError(error) ? error.message : String(error)}`,
    )
    return null
  }
}

const finish = async (
  terminal: Terminal,
  command: BacktestCommand,
  result: BacktestResult,
  trading: TradingConfig,
  wallMs: number,
): Promise<void> => {
  if (command.json) printLine(terminal, JSON.stringify(result))
  else printResult(terminal, result, { wallMs })
  if (command.out === undefined) return
  const context = await contextOf(terminal, command, trading, result)
  for (const path of await writeResults(result, command.out, command.force, context))
    say(terminal, `Wrote ${path}`)
}

/**
 * Plays and prints. Exit code 3 when the data is damaged or a decider failed: what was made before that is
 * printed and written; 130 after Ctrl-C, likewise.
 */
export const runBacktestCommand = async (
  terminal: Terminal,
  command: BacktestCommand,
): Promise<number> => {
  assertPossible(command)
  assertFree(command.out, command.messages, command.force)
  const settings = readSettings(loadTradingConfig(command.configPath), command.set)
  const line = new StatusLine({ terminal, now: () => performance.now(), plainIntervalMs: 10_000 })
  const signals = catchStopSignals(() => say(terminal, 'Stopping; what was made so far is kept.'))
  const messages = command.messages === undefined ? null : new MessageFile(command.messages)
  const started = performance.now()
  try {
    const result = await play(command, {
      settings,
      messages,
      signal: signals.signal,
      onProgress: (at, to) => line.show(`Playing ${utc(at)}${to === null ? '' : ` of ${utc(to)}`}`),
    })
    line.clear()
    messages?.finish()
    await finish(terminal, command, result, settings.trading, performance.now() - started)
    if (result.stopped === null) return EXIT.OK
    const { at, reason } = result.stopped
    const mark = paint(terminal.err, 'red', 'error:')
    if (signals.exitCode() === null) say(terminal, `${mark} stopped at ${utc(at)}: ${reason}`)
    return signals.exitCode() ?? EXIT.CHECK_FAILED
  } catch (error) {
    line.clear()
    messages?.abandon()
    throw error
  } finally {
    signals.release()
  }
}
