import { machineClock, silentLog } from '../../port/index.ts'
import { Secret, SecretHider } from '../credentials/index.ts'
import { resolveNetwork } from '../networks.ts'
import { readExchangeInfo, type ExchangeInfo } from '../read-exchange-info.ts'
import { AnswerFields, DEFAULT_LIMITS, RestClient, fieldsOfAll } from '../rest/index.ts'
import { checkAccountStream } from './check-account-stream.ts'
import { checkAddress } from './check-address.ts'
import { checkHoldings } from './check-holdings.ts'
import { checkKey, checkPermission, judgeWithdrawals, type AccountWords } from './check-key.ts'
import { checkMarketStreams } from './check-market-streams.ts'
import { checkFees, judgeAssetMode, judgePositionMode } from './check-modes.ts'
import { checkSetting, judgeListing } from './check-symbols.ts'
import { checkWallet, judgeLimits } from './check-wallet.ts'
import { fail, skip, unanswered, type PreflightFinding } from './finding.ts'
import type { PreflightDesk, PreflightOptions } from './preflight-options.ts'

const STREAM_MS = 10_000
const RECV_WINDOW_MS = 5_000
const REQUEST_MS_MAX = 5_000

type Info = ExchangeInfo & { readonly triggerProtect: ReadonlyMap<string, string> }

const readInfo = (body: unknown): Info => {
  const triggerProtect = new Map<string, string>()
  for (const symbol of fieldsOfAll(
    new AnswerFields(body, 'exchangeInfo').list('symbols'),
    'symbols',
  ))
    if (symbol.has('triggerProtect'))
      triggerProtect.set(symbol.text('symbol'), symbol.decimal('triggerProtect'))
  return { ...readExchangeInfo(body), triggerProtect }
}

/** What everybody may know: the listing of each symbol, and the limits. */
const checkListing = async (
  { rest, plan }: PreflightDesk,
  usedWeight: number,
): Promise<readonly PreflightFinding[]> => {
  const info = await rest.ask('fapiPublicGetExchangeInfo', {}, 'entry', readInfo)
  if (info.outcome === 'unknown')
    return [judgeLimits(usedWeight, DEFAULT_LIMITS), unanswered('symbols', info.detail)]
  const { limits } = info.value
  rest.limiter.setLimits(limits)
  return [
    judgeLimits(usedWeight, limits),
    ...plan.instruments.flatMap((ours) =>
      judgeListing(
        ours,
        info.value.instruments.get(ours.symbol),
        info.value.triggerProtect.get(ours.symbol) ?? null,
        info.value.leftOut.find((problem) => problem.includes(ours.symbol)) ?? null,
      ),
    ),
  ]
}

/** What the account says to its key. */
const checkAccount = async (
  desk: PreflightDesk,
  words: AccountWords,
): Promise<readonly PreflightFinding[]> => {
  const permission = await checkPermission(desk, words)
  const fees = await checkFees(desk)
  const holdings = await checkHoldings(desk)
  const settings: PreflightFinding[] = []
  for (const { symbol } of desk.plan.instruments)
    settings.push(...(await checkSetting(desk, symbol, holdings.busy)))
  return [
    permission,
    judgeWithdrawals(words),
    judgePositionMode(words),
    judgeAssetMode(words),
    fees,
    ...settings,
    ...holdings.findings,
    ...(await checkWallet(desk)),
  ]
}

const NO_KEYS = fail(
  'key',
  'there are no keys',
  'Set BINANCE_API_KEY_FILE and BINANCE_API_SECRET_FILE, or BINANCE_CREDENTIALS_FILE, as execution reads them.',
)

const NO_SYMBOLS = fail(
  'symbols',
  'none of binance-usdm is configured',
  'Add an instrument with venue: binance-usdm to the trading configuration.',
)

/**
 * Everything that could be wrong with trading at a venue, before anything is traded there. Asks and
 * listens; places, cancels and sets nothing. One finding a line, in the order in which an operator would look.
 * Throws CONFIG_INVALID for a network that is none.
 */
export const runPreflight = async (
  options: PreflightOptions,
): Promise<readonly PreflightFinding[]> => {
  const { network, credentials, plan, clock = machineClock, streamMs = STREAM_MS } = options
  const { restUrl, streamUrl } = resolveNetwork(network)
  const keys = credentials ?? { apiKey: new Secret(''), secret: new Secret('') }
  const hider = new SecretHider(keys)
  const rest = await RestClient.create({
    credentials,
    fetch: options.fetch ?? ((url, request) => fetch(url, request)),
    restUrl,
    clock,
    log: silentLog,
    hider,
    recvWindowMs: RECV_WINDOW_MS,
    requestMsMax: REQUEST_MS_MAX,
  })
  const desk: PreflightDesk = { rest, clock, plan, network }
  const links = {
    ...(options.openLink === undefined ? {} : { openLink: options.openLink }),
    ...(options.random === undefined ? {} : { random: options.random }),
  }
  try {
    const address = await checkAddress(desk)
    if (!address.isReachable)
      return [...address.findings, skip('everything else', 'the venue does not answer')]
    const symbols = plan.instruments.map(({ symbol }) => symbol)
    const isDemo = network === 'demo'
    const streams = checkMarketStreams({ ...links, streamUrl, symbols, streamMs, clock, isDemo })
    const listing = await checkListing(desk, address.usedWeight)
    const key = credentials === null ? { finding: NO_KEYS, words: null } : await checkKey(desk)
    const account =
      key.words === null
        ? [skip('account', 'the key is not accepted')]
        : [
            ...(await checkAccount(desk, key.words)),
            await checkAccountStream(desk, hider, streamMs, links),
          ]
    const symbolFindings = symbols.length === 0 ? [NO_SYMBOLS] : listing
    return [...address.findings, key.finding, ...account, ...symbolFindings, ...(await streams)]
  } finally {
    rest.close()
  }
}
