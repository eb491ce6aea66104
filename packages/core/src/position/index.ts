/**
 * Positions: netting, average cost, realized and unrealized P&L, fees, funding, in exact decimals.
 *
 * Entry points: `applyFill`, `applyFunding`, `unrealizedPnl`, `netPnl`, `walletChange`. Invariants: the quantity is the
 * sum of the fills; realized P&L plus open cost is the cash flow, to the last digit; pure values.
 */
export {
  FLAT,
  applyFill,
  applyFunding,
  averageEntry,
  fundingPayment,
  netPnl,
  positionFromJson,
  positionToJson,
  sideOf,
  unrealizedPnl,
  walletChange,
  type Position,
  type PositionFill,
  type PositionJson,
} from './position.ts'
