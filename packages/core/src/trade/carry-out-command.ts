import type { ExecutionCommandReceived } from '@tapedeck/contracts'
import type { InstrumentDesk } from './instrument-desk.ts'

/** An operator's wish. A trade is meant by its id or by its symbol. */
export const carryOutCommand = (
  command: ExecutionCommandReceived,
  desks: Iterable<InstrumentDesk>,
  now: number,
): void => {
  const why = `${command.by}: ${command.reason}`
  for (const desk of desks) {
    const meant = desk.tradeId === command.target || desk.grid.symbol === command.target
    if (command.command === 'cancel_order') {
      if (desk.owns(command.target)) desk.cancelOrder(command.target, why, now)
    } else if (!meant) continue
    else if (command.command === 'close_position') desk.requestExit('MANUAL', why, now)
    else desk.adopt(now)
  }
}
