const $ = (id) => document.getElementById(id)

/** An element with text or children. Text only ever goes in as text. */
const el = (tag, className, ...children) => {
  const element = document.createElement(tag)
  element.className = className
  element.append(
    ...children
      .filter((child) => child !== null)
      .map((child) => (child instanceof Node ? child : String(child))),
  )
  return element
}
const p = (className, ...children) => el('p', className, ...children)
const row = (name, value, className = '') =>
  el('p', 'row', el('span', 'quiet', name), el('span', className, value))
const item = (...children) => el('div', 'item', ...children)
const show = (id, children, nothing) =>
  $(id).replaceChildren(...(children.length > 0 ? children : [p('quiet', nothing)]))

const UNKNOWN = 'unknown'
const orUnknown = (value, text = String) =>
  value === null || value === undefined ? UNKNOWN : text(value)
const clock = (ms) => new Date(ms).toISOString().slice(11, 19) + 'Z'
const dateTime = (ms) => new Date(ms).toISOString().slice(0, 10) + ' ' + clock(ms)
const percent = (value) => `${Number(value.toPrecision(4))} %`
const share = (fraction) => percent(fraction * 100)
/** A duration for people. */
export const age = (ms) => {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  return `${Math.round(ms / 3_600_000)} h`
}
const money = (text) =>
  Number(text).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const words = (code) => code.toLowerCase().replaceAll('_', ' ')

const RUNS = {
  live: (run) => `LIVE MARKET · ${run.source}`,
  generated: (run) => `GENERATED MARKET: not a real one · ${run.source}`,
  recording: (run) => `RECORDING: not live · ${run.source}`,
}

const showRun = ({ run, tape }) => {
  const ended = run?.ended ? ` · ENDED (${words(run.ended.reason)})` : ''
  $('run').className = `notice ${run?.kind ?? ''}`
  const behind = tape.lag > 0 ? ` · catching up, ${tape.lag} behind` : ''
  $('run').textContent = (run === null ? 'Run unknown' : RUNS[run.kind](run)) + ended + behind
  document.title =
    run === null
      ? 'Tapedeck'
      : `${run.kind === 'live' ? 'Live' : run.kind.toUpperCase()} · Tapedeck`
}

const FEED_CLASS = { fresh: 'good', stale: 'bad', ended: 'quiet', unknown: 'warn' }

const feed = (one, run) =>
  item(
    el(
      'p',
      'row',
      el('strong', '', `${one.symbol} · ${one.venue}`),
      el('span', FEED_CLASS[one.state], one.state.toUpperCase()),
    ),
    p('big', orUnknown(one.last_price)),
    row(
      'Newest message',
      orUnknown(one.age_ms, (ms) => `${age(ms)} ago`),
      FEED_CLASS[one.state],
    ),
    row(
      run?.kind === 'live' ? 'Market time' : 'Market time (of the run)',
      orUnknown(one.market_time, dateTime),
    ),
    ...one.channels
      .filter(({ status }) => status !== 'up')
      .map((channel) => p('warn', `${channel.channel} ${channel.status}: ${channel.reason}`)),
  )

const showSession = ({ session, trading_state: state, account }) => {
  const stateName = state?.state ?? UNKNOWN
  const lines = [
    row(
      'Trading',
      stateName + (state?.reason ? `: ${state.reason}` : ''),
      state === null ? 'warn' : stateName === 'ACTIVE' ? 'good' : 'bad',
    ),
    row('Equity', orUnknown(account?.equity, money)),
    row('Unrealized', orUnknown(account?.unrealized_pnl, money)),
  ]
  if (session === null) lines.push(p('quiet', 'Session unknown: risk has not reported yet'))
  else
    lines.push(
      row(
        'Session',
        session.status + (session.reason === null ? '' : `: ${session.reason}`),
        session.status === 'ACTIVE' ? 'good' : 'bad',
      ),
      row('Realized', money(session.realized_pnl)),
      row(
        'Drawdown (start / peak)',
        `${percent(session.drawdown_from_start_percent)} / ${percent(session.drawdown_from_peak_percent)}`,
      ),
      row('Trades (won / lost)', `${session.trades} (${session.wins} / ${session.losses})`),
      row('Losses in a row', session.consecutive_losses),
    )
  $('session').replaceChildren(...lines)
}

const position = (one) =>
  item(
    el(
      'p',
      'row',
      el('strong', '', `${one.side} ${one.quantity} ${one.symbol}`),
      el(
        'span',
        one.protected ? 'good' : 'bad',
        one.protected ? 'PROTECTED' : 'NO STOP ACKNOWLEDGED',
      ),
    ),
    row('Entry', orUnknown(one.average_price)),
    row('Stop', orUnknown(one.stop_price)),
    row('Target', orUnknown(one.target_price)),
    row('Since', orUnknown(one.opened_at, dateTime)),
  )

/** Setups whose boxes a person has opened or closed; by itself the newest one is open. */
const toggled = new Map()

const boxLine = ({ box, checked, note }) =>
  el(
    'li',
    '',
    el('span', checked ? 'good' : 'quiet', checked ? '☑' : '☐'),
    el('span', '', box),
    el('span', 'quiet', note),
  )

const setup = (one, index) => {
  const outcome = one.decision ?? (one.signalled ? 'signal' : one.reasons.map(words).join(', '))
  const tone = one.decision === 'approved' ? 'good' : one.decision === 'denied' ? 'bad' : 'quiet'
  const marks = one.boxes.map(({ checked }) => (checked ? '☑' : '☐')).join(' ')
  const boxes = el(
    'details',
    'boxes',
    el('summary', '', `${marks} ${one.score} of ${one.boxes.length} boxes`),
    el('ul', '', ...one.boxes.map(boxLine)),
  )
  boxes.open = toggled.get(one.setup_id) ?? index === 0
  boxes
    .querySelector('summary')
    .addEventListener('click', () => toggled.set(one.setup_id, !boxes.open))
  return item(
    el(
      'p',
      'row',
      el('strong', '', `${one.grade} · ${one.side} ${one.symbol} @ ${one.price}`),
      el('span', 'quiet', clock(one.at)),
    ),
    el('p', 'row', el('span', '', words(one.strategy)), el('span', tone, outcome)),
    boxes,
  )
}

const refusal = (one) =>
  item(
    el('p', 'row', el('strong', 'bad', words(one.reason)), el('span', 'quiet', clock(one.at))),
    p('', `${one.grade} · ${one.side} ${one.symbol}`),
    ...one.details.map((detail) => p('quiet', detail)),
  )

const closedTrade = (one) =>
  item(
    el(
      'p',
      'row',
      el('strong', '', `${one.side} ${one.symbol} · ${words(one.exit_reason)}`),
      el(
        'span',
        one.r_multiple < 0 ? 'bad' : 'good',
        `${one.r_multiple.toFixed(2)} R · ${money(one.net_pnl)}`,
      ),
    ),
    p('quiet', dateTime(one.closed_at)),
  )

const showSizing = ({ sizing, break_even: breakEven }) => {
  const policies = sizing.policies.map((one) =>
    row(
      `${words(one.policy)}${one.in_force ? ' (in force)' : ''}`,
      `×${orUnknown(one.risk_multiplier, (value) => Number(value.toPrecision(3)))} · ${orUnknown(one.risk_percent, percent)} · ruin ${orUnknown(one.risk_of_ruin, share)}`,
    ),
  )
  const basis =
    sizing.unknown_because === null
      ? `Ruin: losing ${sizing.ruin_percent} %, from ${sizing.trades} trades of this run (${share(sizing.win_rate)} won, payoff ${sizing.payoff.toFixed(2)})`
      : `Risk of ruin unknown: ${sizing.unknown_because}`
  $('sizing').replaceChildren(
    ...policies,
    p('quiet', basis),
    p(breakEven.covers_fees ? 'quiet' : 'warn', breakEven.sentence),
  )
}

const showServices = ({ services, tape, counts }) => {
  const lines = services.map(({ service, ready, reasons }) =>
    el(
      'div',
      '',
      row(
        service,
        ready === null ? 'NO ANSWER' : ready ? 'ready' : 'NOT READY',
        ready ? 'good' : 'bad',
      ),
      ...reasons.map((reason) => p('quiet', reason)),
    ),
  )
  const total =
    counts === null ? null : Object.values(counts).reduce((sum, count) => sum + count, 0)
  lines.push(
    row('Tape', `${tape.connection} · ${orUnknown(tape.last_seq)}`),
    row('Envelopes held', orUnknown(total)),
  )
  $('services').replaceChildren(...lines)
}

/** Shows a status; what is unknown says so. */
export const showStatus = (status) => {
  showRun(status)
  show(
    'feeds',
    status.feeds.map((one) => feed(one, status.run)),
    'No instrument known yet',
  )
  showSession(status)
  show('positions', status.positions.map(position), 'Flat')
  show('setups', status.setups.map(setup), 'None yet in this run')
  show('refusals', status.refusals.map(refusal), 'None in this run')
  show('closed', status.closed_trades.map(closedTrade), 'None yet in this run')
  showSizing(status)
  showServices(status)
}
