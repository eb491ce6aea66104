import { openDatabase, provisionService } from '@tapedeck/database'
import type { BaseTables, Database, DatabaseOptions, Migrations } from '@tapedeck/database'

const PASSWORD = 'test password: with /special@ signs'

/** Provisions a service of this name and opens its handle. */
export const openService = async <Tables = BaseTables>(
  adminUrl: string,
  service: string,
  migrations: Migrations = {},
  options: Partial<DatabaseOptions> = {},
): Promise<Database<Tables>> => {
  const { url, schema } = await provisionService({
    adminUrl,
    service,
    password: PASSWORD,
    migrations,
  })
  return openDatabase<Tables>({
    url,
    schema,
    applicationName: `${service} test`,
    maxConnections: 4,
    ...options,
  })
}

/** The code of what a promise fails with (ours, or an SQLSTATE); `none` when it does not fail. */
export const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise
    return 'none'
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error)
  }
}
