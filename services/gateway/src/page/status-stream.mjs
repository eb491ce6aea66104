const WAIT_MS_MIN = 1_000
const WAIT_MS_MAX = 30_000
/** Two heartbeats and a half. */
const SILENCE_MS_MAX = 25_000

/** Splits a body into events: `{id, event, data}`. */
const eventsOf = async function* (body) {
  let rest = ''
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + text).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      const event = { id: null, event: 'message', data: '' }
      for (const line of frame.split('\n')) {
        const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? []
        if (field !== undefined && field in event) event[field] = value
      }
      yield event
    }
  }
}

/**
 * Follows the tape until `signal` aborts: fetch instead of EventSource, because the key belongs in a header. Comes back
 * by itself, where it was, ever more slowly while it fails.
 */
export const followTape = async ({ topics, key, signal, onEvent, onState }) => {
  let lastId = null
  let waitMs = WAIT_MS_MIN
  while (!signal.aborted) {
    const silence = new AbortController()
    let timer = setTimeout(() => silence.abort(), SILENCE_MS_MAX)
    try {
      const response = await fetch(`/v1/stream?topics=${encodeURIComponent(topics)}`, {
        headers: {
          accept: 'text/event-stream',
          authorization: `Bearer ${key}`,
          ...(lastId === null ? {} : { 'last-event-id': lastId }),
        },
        cache: 'no-store',
        signal: AbortSignal.any([signal, silence.signal]),
      })
      if (response.status === 401) return
      if (!response.ok || response.body === null) throw new Error(`answered ${response.status}`)
      onState('following')
      for await (const event of eventsOf(response.body)) {
        clearTimeout(timer)
        timer = setTimeout(() => silence.abort(), SILENCE_MS_MAX)
        lastId = event.id ?? lastId
        waitMs = WAIT_MS_MIN
        onEvent(event)
      }
    } catch {
      // Whatever it was, the answer is to come back.
    } finally {
      clearTimeout(timer)
    }
    if (signal.aborted) return
    onState('reconnecting')
    const pause = waitMs * (0.5 + Math.random() / 2)
    await new Promise((resolve) => setTimeout(resolve, pause))
    waitMs = Math.min(WAIT_MS_MAX, waitMs * 2)
  }
}
