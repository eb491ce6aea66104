/**
 * The venue's control interface, `/sim/v1/...`: accounts, money, prices, faults and the clock by an
 * operator's hand.
 *
 * Entry points: `ControlApi`, `CONTROL_PREFIX`. Invariants: nothing it answers holds a key or a secret;
 * what cannot be done is refused with a message that names the field and changes nothing.
 */
export { CONTROL_PATHS, CONTROL_PREFIX, ControlApi } from './control-api.ts'
