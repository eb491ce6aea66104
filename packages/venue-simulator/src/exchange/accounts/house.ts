import { ZERO, type Dec } from '@tapedeck/core'

/** What the exchange itself has: fees, the insurance fund, and what passed to and from the outside. */
export class House {
  /** Deposits less withdrawals, and what the insurance fund began with. */
  deposited: Dec
  fees: Dec = ZERO
  insurance: Dec
  /** Funding that accounts and the fund paid to the outside market; negative was received. */
  fundingPaid: Dec = ZERO

  constructor(insuranceFund: Dec) {
    this.deposited = insuranceFund
    this.insurance = insuranceFund
  }
}
