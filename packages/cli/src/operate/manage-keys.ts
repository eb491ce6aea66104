import { randomUUID } from 'node:crypto'
import type { ApiClient } from '../session/index.ts'
import { EXIT } from '../exit-codes.ts'
import { type Terminal, formatTable, printLine, say, utc } from '../terminal/index.ts'

interface KeyView {
  readonly key_id: string
  readonly name: string
  readonly role: string
  readonly created_at: number
  readonly expires_at: number | null
  readonly revoked_at: number | null
  readonly last_used_at: number | null
  readonly usable: boolean
}

interface Page {
  readonly data: readonly KeyView[]
  readonly page: { readonly next_cursor: string | null }
}

export interface NewKey {
  readonly name: string
  readonly role: string
  readonly expiresInDays: number | undefined
}

const PAGES_MAX = 100

/** Makes a key; it is printed on stdout, once. */
export const createKey = async (
  terminal: Terminal,
  gateway: ApiClient,
  key: NewKey,
  json: boolean,
): Promise<number> => {
  const { name, role, expiresInDays } = key
  const body = {
    name,
    role,
    ...(expiresInDays === undefined ? {} : { expires_in_days: expiresInDays }),
  }
  const made = await gateway.send<KeyView & { key: string }>('POST', '/v1/keys', body, randomUUID())
  printLine(terminal, json ? JSON.stringify(made) : made.key)
  if (!json)
    say(
      terminal,
      `Key ${made.key_id} (${made.role}, ${made.name}). It is shown only now: keep it. Undo: tapedeck keys revoke ${made.key_id}`,
    )
  return EXIT.OK
}

const timeOf = (at: number | null): string => (at === null ? 'never' : utc(at))

const stateOf = (key: KeyView): string => {
  if (key.revoked_at !== null) return 'revoked'
  return key.usable ? 'usable' : 'not usable'
}

/** All keys, newest first. The keys themselves are not known to anybody any more. */
export const listKeys = async (
  terminal: Terminal,
  gateway: ApiClient,
  json: boolean,
): Promise<number> => {
  const keys: KeyView[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`
    const { data, page: next }: Page = await gateway.get<Page>(`/v1/keys${query}`)
    keys.push(...data)
    cursor = next.next_cursor
    if (cursor === null) break
  }
  if (json) for (const key of keys) printLine(terminal, JSON.stringify(key))
  else {
    const titles = ['id', 'name', 'role', 'state', 'created', 'expires', 'last used']
    const rows = keys.map((key) => [
      key.key_id,
      key.name,
      key.role,
      stateOf(key),
      utc(key.created_at),
      timeOf(key.expires_at),
      timeOf(key.last_used_at),
    ])
    printLine(
      terminal,
      formatTable(
        titles.map((title) => ({ title })),
        rows,
      ),
    )
  }
  return EXIT.OK
}

/** Ends a key for good. */
export const revokeKey = async (
  terminal: Terminal,
  gateway: ApiClient,
  keyId: string,
  json: boolean,
): Promise<number> => {
  await gateway.send<null>(
    'DELETE',
    `/v1/keys/${encodeURIComponent(keyId)}`,
    undefined,
    randomUUID(),
  )
  printLine(
    terminal,
    json
      ? JSON.stringify({ key_id: keyId, revoked: true })
      : `Key ${keyId} is revoked, and every token made from it.`,
  )
  return EXIT.OK
}
