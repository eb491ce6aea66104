import type { VenueSeen } from '@tapedeck/contracts'
import type { VenueSnapshot } from './venue-snapshot.ts'

/** A venue's answer as it goes onto the tape. */
export const toVenueSeen = ({
  at,
  orders,
  positions,
  fills,
  balances,
}: VenueSnapshot): VenueSeen => ({
  at,
  orders: orders.map((one) => ({
    venue: one.venue,
    symbol: one.symbol,
    client_order_id: one.clientOrderId,
    venue_order_id: one.venueOrderId,
    side: one.side,
    type: one.type,
    conditional: one.conditional,
    quantity: one.quantity,
    filled_quantity: one.filledQuantity,
    price: one.price,
    stop_price: one.stopPrice,
    reduce_only: one.reduceOnly,
  })),
  positions: positions.map((one) => ({
    venue: one.venue,
    symbol: one.symbol,
    side: one.side,
    quantity: one.quantity,
    average_price: one.averagePrice,
  })),
  fills: fills.map((one) => ({
    venue: one.venue,
    symbol: one.symbol,
    fill_id: one.fillId,
    client_order_id: one.clientOrderId,
    side: one.side,
    quantity: one.quantity,
    price: one.price,
    fee: one.fee,
    fee_asset: one.feeAsset,
    liquidity: one.liquidity,
    at: one.at,
  })),
  balances: balances.map(({ asset, wallet }) => ({ asset, wallet })),
})

/** The answer that was recorded, to be compared with our books again. */
export const fromVenueSeen = ({
  at,
  orders,
  positions,
  fills,
  balances,
}: VenueSeen): VenueSnapshot => ({
  at,
  orders: orders.map((one) => ({
    venue: one.venue,
    symbol: one.symbol,
    clientOrderId: one.client_order_id,
    venueOrderId: one.venue_order_id,
    side: one.side,
    type: one.type,
    conditional: one.conditional,
    quantity: one.quantity,
    filledQuantity: one.filled_quantity,
    price: one.price,
    stopPrice: one.stop_price,
    reduceOnly: one.reduce_only,
  })),
  positions: positions.map((one) => ({
    venue: one.venue,
    symbol: one.symbol,
    side: one.side,
    quantity: one.quantity,
    averagePrice: one.average_price,
  })),
  fills: fills.map((one) => ({
    venue: one.venue,
    symbol: one.symbol,
    fillId: one.fill_id,
    clientOrderId: one.client_order_id,
    side: one.side,
    quantity: one.quantity,
    price: one.price,
    fee: one.fee,
    feeAsset: one.fee_asset,
    liquidity: one.liquidity,
    at: one.at,
  })),
  balances,
})
