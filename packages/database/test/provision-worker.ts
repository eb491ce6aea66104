import { provisionService, sql } from '@tapedeck/database'

/** Provisions in a process of its own, for the test of several at once; answers with what it applied. */
const { applied } = await provisionService({
  adminUrl: process.argv[2] ?? '',
  service: 'execution',
  password: 'secret',
  migrations: {
    '0001-notes': {
      up: (db) => sql`create table note (text text)`.execute(db),
    },
  },
})
process.send?.(applied)
process.disconnect()
