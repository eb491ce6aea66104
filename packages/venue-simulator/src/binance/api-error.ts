/** What the venue answers instead of what was asked for: `{code, msg}` with an HTTP status. */
export class ApiError extends Error {
  readonly code: number
  readonly status: number

  constructor(code: number, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }

  toJson(): { readonly code: number; readonly msg: string } {
    return { code: this.code, msg: this.message }
  }
}

const HTTP_UNAUTHORIZED = 401
const HTTP_NOT_FOUND = 404
const HTTP_TEAPOT = 418
const HTTP_TOO_MANY = 429

/** Errors of the request itself, with Binance's codes (binance-ccxt-facts §3.7, Binance USD-M docs, error codes). */
export const API_ERRORS = {
  tooMuchWeight: (remote: string, limit: number) =>
    new ApiError(
      -1003,
      `Too many requests; current limit of IP(${remote}) is ${limit} requests per minute. Please use the websocket for live updates to avoid polling the API.`,
      HTTP_TOO_MANY,
    ),
  banned: (remote: string, until: number) =>
    new ApiError(
      -1003,
      `Way too many requests; IP(${remote}) banned until ${until}. Please use the websocket for live updates to avoid bans.`,
      HTTP_TEAPOT,
    ),
  tooManyOrders: (limit: number, interval: string) =>
    new ApiError(
      -1015,
      `Too many new orders; current limit is ${limit} orders per ${interval}.`,
      HTTP_TOO_MANY,
    ),
  outsideWindow: () =>
    new ApiError(-1021, 'Timestamp for this request is outside of the recvWindow.'),
  aheadOfServer: () =>
    new ApiError(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  badSignature: () => new ApiError(-1022, 'Signature for this request is not valid.'),
  startAfterEnd: () => new ApiError(-1023, 'Start time is greater than end time.'),
  illegalCharacters: (name: string) =>
    new ApiError(-1100, `Illegal characters found in parameter '${name}'.`),
  repeated: () => new ApiError(-1101, 'Duplicate values for a parameter detected.'),
  missing: (name: string) =>
    new ApiError(
      -1102,
      `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
    ),
  missingBoth: (first: string, second: string) =>
    new ApiError(-1102, `Param '${first}' or '${second}' must be sent, but both were empty/null!`),
  empty: (name: string) => new ApiError(-1105, `Parameter '${name}' was empty.`),
  notWanted: (name: string) => new ApiError(-1106, `Parameter '${name}' sent when not required.`),
  invalidTimeInForce: () => new ApiError(-1115, 'Invalid timeInForce.'),
  invalidType: () => new ApiError(-1116, 'Invalid orderType.'),
  invalidSide: () => new ApiError(-1117, 'Invalid side.'),
  invalidInterval: () => new ApiError(-1120, 'Invalid interval.'),
  invalidSymbol: () => new ApiError(-1121, 'Invalid symbol.'),
  noListenKey: () => new ApiError(-1125, 'This listenKey does not exist.'),
  badCombination: () => new ApiError(-1128, 'Combination of optional parameters invalid.'),
  invalid: (name: string) => new ApiError(-1130, `Data sent for parameter '${name}' is not valid.`),
  notJson: () => new ApiError(-1135, 'Invalid JSON Request'),
  invalidResponseType: () => new ApiError(-1136, 'Invalid newOrderRespType.'),
  unknownOrder: () => new ApiError(-2011, 'Unknown order sent.'),
  noSuchOrder: () => new ApiError(-2013, 'Order does not exist.'),
  badKeyFormat: () => new ApiError(-2014, 'API-key format invalid.', HTTP_UNAUTHORIZED),
  rejectedKey: () =>
    new ApiError(-2015, 'Invalid API-key, IP, or permissions for action.', HTTP_UNAUTHORIZED),
  keyTypeNotSupported: (type: string) => new ApiError(-4056, `${type} API key is not supported.`),
  invalidDepthLimit: (limit: number) => new ApiError(-4021, `${limit} is not valid depth limit.`),
  invalidLeverage: (leverage: number) => new ApiError(-4028, `Leverage ${leverage} is not valid`),
  invalidWorkingType: (text: string) =>
    new ApiError(-4031, `Invalid parameter working type: ${text}`),
  tooManyCancels: () => new ApiError(-4032, 'Exceed maximum cancel order size.'),
  invalidPositionSide: () => new ApiError(-4060, 'Invalid position side.'),
  invalidReduceOnly: () => new ApiError(-4062, 'Invalid or improper reduceOnly value.'),
  invalidBatchSize: (size: number) =>
    new ApiError(-4082, `Invalid number of batch place orders: ${size}`),
  notAllowedYet: () => new ApiError(-4084, 'Method is not allowed currently. Upcoming soon.'),
  useAlgoEndpoints: () =>
    new ApiError(
      -4120,
      'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
    ),
  symbolNotOpen: () => new ApiError(-4140, 'Invalid symbol status for opening position.'),
  symbolClosed: () => new ApiError(-4141, 'Symbol is closed.'),
  notionalTooSmall: (minimum: string) =>
    new ApiError(
      -4164,
      `Order's notional must be no smaller than ${minimum} (unless you choose reduce only).`,
    ),
  invalidPair: () => new ApiError(-4144, 'Invalid pair'),
  intervalTooLong: (days: number) => new ApiError(-4165, `Maximum time interval is ${days} days`),
  assetModeUnchanged: () =>
    new ApiError(
      -4171,
      'Adjusted asset mode is currently set and does not need to be adjusted repeatedly',
    ),
  unknownPath: (path: string, method: string) =>
    new ApiError(-5000, `Path ${path}, Method ${method} is invalid`, HTTP_NOT_FOUND),
  unknownMethod: (method: string) =>
    new ApiError(-5000, `Method ${method} is invalid`, HTTP_NOT_FOUND),
  invalidPriceMatch: () => new ApiError(-5037, 'Invalid price match'),
  invalidSelfTradePrevention: () => new ApiError(-5039, 'Invalid self trade prevention mode'),
} as const
