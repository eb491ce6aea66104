import { output, type Output, type RiskConfig } from '@tapedeck/contracts'
import { MATERIAL_WITHOUT, sessionPayload, textOf } from './risk-outputs.ts'
import { nextVersion, type RiskState } from './risk-state.ts'

/** Equity alone is retold at most this often, in event time: it moves with every tick of a position. */
const EQUITY_RETOLD_MS = 15_000
const NOTHING = Object.freeze([]) as unknown as Output[]

/** What the session's word is made of; all of it is replaced when it changes, never changed in place. */
type Grounds = readonly [
  session: RiskState['session'],
  latches: RiskState['latches'],
  risk: RiskConfig,
  told: RiskState['told'],
]

/** Tells the session as it stands, when it differs from what was told last. */
export class SessionTeller {
  readonly #account: string
  /** Grounds on which nothing is left to tell. Not part of the state: without it, the same is found again. */
  #settled: Grounds | null = null

  constructor(account: string) {
    this.#account = account
  }

  tell(state: RiskState, risk: RiskConfig, at: number): Output[] {
    if (state.session === null || this.#isSettled(state, risk)) return NOTHING
    const payload = sessionPayload(state.session, state, risk, this.#account, at)
    const [text, told] = [textOf(payload, ['at']), state.told]
    if (told?.text === text) {
      this.#settle(state, risk)
      return NOTHING
    }
    const material = textOf(payload, MATERIAL_WITHOUT)
    const due = told === null || told.material !== material || at - told.at >= EQUITY_RETOLD_MS
    if (!due) return NOTHING
    state.told = { text, material, at }
    this.#settle(state, risk)
    const aggregate_id = `${this.#account}:${state.session.id}`
    return [
      output('risk.session.updated', {
        aggregate_id,
        aggregate_version: nextVersion(state, `session ${aggregate_id}`),
        occurred_at: at,
        payload,
      }),
    ]
  }

  #settle(state: RiskState, risk: RiskConfig): void {
    this.#settled = [state.session, state.latches, risk, state.told]
  }

  #isSettled(state: RiskState, risk: RiskConfig): boolean {
    const known = this.#settled
    return (
      known !== null &&
      known[0] === state.session &&
      known[1] === state.latches &&
      known[2] === risk &&
      known[3] === state.told
    )
  }
}
