import { expect, it } from '@jest/globals'
import { needsOf, problemsOf, type Shape } from './check-fields.ts'

const ROW: Shape = { fields: { id: 'i', price: 'd', 'note?': 's|null', side: '=BUY,SELL' } }

it.each<[Shape, unknown, string[]]>([
  ['d', '-1.50', []],
  ['d', 1.5, ['x is 1.5, expected d']],
  ['d', '1e5', ['x is "1e5", expected d']],
  ['i', 1.5, ['x is 1.5, expected i']],
  ['i', '1', ['x is "1", expected i']],
  ['b', 'true', ['x is "true", expected b']],
  ['s|null', null, []],
  ['=200', '200', []],
  [['d'], ['1', 2], ['x[1] is 2, expected d']],
  [{ tuple: ['d', 'd'] }, ['1'], ['x is ["1"], expected 2 items']],
  [{ anyOf: [ROW, ['s']] }, ['a'], []],
  [ROW, { id: 1, price: '1', side: 'BUY' }, []],
  [ROW, { id: 1, price: '1', side: 'BUY', note: null }, []],
  [ROW, { id: 1, side: 'UP' }, ['x.price is missing', 'x.side is "UP", expected =BUY,SELL']],
  [ROW, { id: 1, price: '1', side: 'BUY', extra: 0 }, ['x.extra is not in the table']],
  [ROW, [], ['x is [], expected an object']],
])('%j of %j: %j', (shape, value, problems) => {
  expect(problemsOf(shape, value, 'x')).toEqual(problems)
})

it('asks for what is needed, whatever else there is', () => {
  expect(needsOf(ROW, { id: 1, price: '1', side: 'BUY', extra: 0 }, 'x')).toEqual([])
  expect(needsOf([ROW], [{ id: 1, side: 'BUY', extra: 0 }], 'x')).toEqual(['x[0].price is missing'])
})
