/** One server-sent event. */
export interface StreamEvent {
  readonly id: string | null
  readonly event: string
  readonly data: string
}

const parse = (frame: string): StreamEvent => {
  const fields = new Map(
    frame.split('\n').map((line) => {
      const [, name = '', value = ''] = /^(\w+): (.*)$/.exec(line) ?? []
      return [name, value]
    }),
  )
  return {
    id: fields.get('id') ?? null,
    event: fields.get('event') ?? '',
    data: fields.get('data') ?? '',
  }
}

/** The events of an answer as they come; what was not read is left when the caller stops. */
export const eventsOf = async function* (response: Response): AsyncGenerator<StreamEvent> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body!) {
    const frames = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) if (!frame.startsWith('retry:')) yield parse(frame)
  }
}
