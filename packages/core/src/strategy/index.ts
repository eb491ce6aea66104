/**
 * Strategies on closed bars: what one is, what it may ask for, and the ones that are built in.
 *
 * Entry points: `StrategyDefinition` (what a module exports), `BarStrategy` (what it makes), `donchian`,
 * `resolveParameters`, `checkStrategyDefinition` (for modules of users). Invariants: a strategy sees
 * closed bars alone; equal parameters, bars and seed give equal orders, wherever state was saved in between.
 */
export type {
  BarStrategy,
  ClosedBar,
  PortfolioView,
  PositionView,
  StrategyContext,
  StrategyDefinition,
} from './bar-strategy.ts'
export type {
  CancelOrder,
  EnterOrder,
  ExitOrder,
  OrderRole,
  OrderSizing,
  OrderUpdate,
  ProtectOrder,
  StrategyOrder,
} from './strategy-order.ts'
export {
  parseParameter,
  resolveParameters,
  searchGrid,
  type ParameterSpec,
  type ParameterTable,
  type ParameterValue,
  type ParameterValues,
} from './parameters.ts'
export { checkStrategyDefinition } from './check-definition.ts'
export { RollingChannel } from './rolling-channel.ts'
export { donchian } from './donchian.ts'
