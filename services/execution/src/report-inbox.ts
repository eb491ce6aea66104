import type { Database } from '@tapedeck/database'
import type { Tables } from './migrations.ts'

const REMEMBERED_MAX = 5_000

/**
 * Which reports a run holds already. The same news has the same id, however often and by whatever way it was
 * learned, also after a restart; a second message under one id would leave a hole in our sequence.
 */
export class ReportInbox {
  readonly #db: Database<Tables>
  readonly #seen = new Set<string>()

  constructor(db: Database<Tables>) {
    this.#db = db
  }

  async holds(runId: string | null, reportId: string): Promise<boolean> {
    if (this.#seen.has(`${runId} ${reportId}`)) return true
    if (runId === null) return false
    const row = await this.#db.kysely
      .selectFrom('venue_report')
      .select('report_id')
      .where('run_id', '=', runId)
      .where('report_id', '=', reportId)
      .executeTakeFirst()
    return row !== undefined
  }

  note(runId: string | null, reportId: string): void {
    this.#seen.add(`${runId} ${reportId}`)
    if (this.#seen.size <= REMEMBERED_MAX) return
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest)
      return
    }
  }
}
