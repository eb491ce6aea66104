/** The stream that holds everything, in one total order. */
export const TAPE_STREAM = 'TAPE'
/** What could not be read, by service. */
export const DEAD_STREAM = 'DEAD'

export const MESSAGE_ID_HEADER = 'Nats-Msg-Id'
