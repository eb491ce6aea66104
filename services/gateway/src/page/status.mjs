import { followTape } from './status-stream.mjs'
import { age, showStatus } from './status-views.mjs'

const KEY = 'tapedeck-key'
const TOPICS = 'setup,risk,execution,market.run,market.feed'
const POLL_MS = 2_000
const POLL_HIDDEN_MS = 15_000
/** An older picture is not shown as if it were now. */
const OUTDATED_MS = 7_000
const SOON_MS = 400

const $ = (id) => document.getElementById(id)

const page = {
  key: null,
  updatedAt: null,
  following: 'connecting',
  stop: null,
  timer: null,
  soon: null,
}

const ask = (message) => {
  page.stop?.abort()
  page.key = null
  clearTimeout(page.timer)
  sessionStorage.removeItem(KEY)
  $('refused').textContent = message
  $('enter').hidden = false
  $('status').hidden = true
  $('leave').hidden = true
  $('freshness').textContent = 'Not connected'
}

const refresh = async () => {
  clearTimeout(page.timer)
  const { key } = page
  if (key === null) return
  try {
    const response = await fetch('/v1/status', {
      headers: { authorization: `Bearer ${key}` },
      cache: 'no-store',
      signal: AbortSignal.timeout(5_000),
    })
    if (page.key !== key) return
    if (response.status === 401) return ask('This key is not valid (any more).')
    if (response.ok) {
      showStatus(await response.json())
      page.updatedAt = performance.now()
      $('enter').hidden = true
      $('status').hidden = false
      $('leave').hidden = false
    }
  } catch {
    // The age of the picture tells.
  }
  clearTimeout(page.timer)
  if (page.key !== null)
    page.timer = setTimeout(refresh, document.hidden ? POLL_HIDDEN_MS : POLL_MS)
}

/** Once for many events that come together. */
const refreshSoon = () => {
  page.soon ??= setTimeout(() => {
    page.soon = null
    refresh()
  }, SOON_MS)
}

const enter = (key) => {
  page.key = key
  page.updatedAt = null
  page.stop = new AbortController()
  sessionStorage.setItem(KEY, key)
  refresh()
  followTape({
    topics: TOPICS,
    key,
    signal: page.stop.signal,
    onEvent: ({ event }) => event !== 'hb' && refreshSoon(),
    onState: (state) => (page.following = state),
  })
}

const showFreshness = () => {
  if (page.key === null) return
  const ms = page.updatedAt === null ? null : performance.now() - page.updatedAt
  $('freshness').textContent =
    ms === null ? 'Connecting …' : `Updated ${age(ms)} ago · ${page.following}`
  const isOutdated = ms !== null && ms > OUTDATED_MS && !document.hidden
  $('outdated').hidden = !isOutdated
  if (isOutdated)
    $('outdated').textContent = `This picture is ${age(ms)} old: the gateway does not answer`
}

/** A link from the CLI carries the key behind the #, which no server sees; it leaves the address at once. */
const keyFromLink = () => {
  const key = new URLSearchParams(location.hash.slice(1)).get('key')
  if (location.hash !== '') history.replaceState(null, '', location.pathname)
  return key
}

$('enter').addEventListener('submit', (event) => {
  event.preventDefault()
  const key = $('key').value.trim()
  $('key').value = ''
  $('refused').textContent = ''
  if (key !== '') enter(key)
})
$('leave').addEventListener('click', () => ask(''))
document.addEventListener('visibilitychange', () => !document.hidden && refresh())
setInterval(showFreshness, 500)

const known = keyFromLink() ?? sessionStorage.getItem(KEY)
if (known === null) ask('')
else enter(known)
