import { describe, expect, it } from '@jest/globals'
import { planWindows, trainingAround, type WindowRules } from './windows.ts'

const DAY = 86_400_000
const data = { from: 0, to: 100 * DAY }
const inDays = (rules: WindowRules, days = 100) =>
  planWindows({ from: 0, to: days * DAY }, rules).map(({ train, test }) =>
    [...train, test].map(({ from, to }) => `${from / DAY}-${to / DAY}`).join(' '),
  )
const lengths = (trainDays: number, testDays: number, stepDays?: number) => ({
  trainMs: trainDays * DAY,
  testMs: testDays * DAY,
  ...(stepDays === undefined ? {} : { stepMs: stepDays * DAY }),
})

describe('windows', () => {
  it.each<[string, WindowRules, string[]]>([
    [
      'rolling: training keeps its length, tests follow each other, what is left over is not used',
      { mode: 'rolling', lengths: lengths(60, 15), embargoMs: 0 },
      ['0-60 60-75', '15-75 75-90'],
    ],
    [
      'anchored: training grows from the start',
      { mode: 'anchored', lengths: lengths(60, 15), embargoMs: 0 },
      ['0-60 60-75', '0-75 75-90'],
    ],
    [
      'a step longer than the test leaves days untested',
      { mode: 'rolling', lengths: lengths(60, 10, 20), embargoMs: 0 },
      ['0-60 60-70', '20-80 80-90'],
    ],
    [
      'an embargo lies between training and test',
      { mode: 'rolling', lengths: lengths(60, 15), embargoMs: 5 * DAY },
      ['0-60 65-80', '15-75 80-95'],
    ],
    [
      'folds: everything else trains, less the embargo on both sides of the test',
      { mode: 'folds', lengths: lengths(25, 25), embargoMs: 2 * DAY },
      ['27-100 0-25', '0-23 52-100 25-50', '0-48 77-100 50-75', '0-73 75-100'],
    ],
    [
      'windows that fill the data: four tests of 12.5 days after 50 days of training',
      { mode: 'rolling', lengths: { windows: 4, trainShare: 0.8 }, embargoMs: 0 },
      ['0-50 50-62.5', '12.5-62.5 62.5-75', '25-75 75-87.5', '37.5-87.5 87.5-100'],
    ],
  ])('%s', (_, rules, expected) => {
    expect(inDays(rules)).toEqual(expected)
  })

  it.each<[string, WindowRules, string]>([
    [
      'too little data',
      { mode: 'rolling', lengths: lengths(90, 21), embargoMs: DAY },
      'there are 100 days of data; training of 90 days, an embargo of 1 days and a test of 21 days need 112 days',
    ],
    [
      'overlapping tests',
      { mode: 'rolling', lengths: lengths(30, 20, 10), embargoMs: 0 },
      'step is 10 days and test 20 days: tests would overlap and count moments twice',
    ],
    ['no test', { mode: 'rolling', lengths: lengths(30, 0), embargoMs: 0 }, 'test is 0 days'],
    [
      'not a number',
      { mode: 'rolling', lengths: lengths(Number.NaN, 1), embargoMs: 0 },
      'train is NaN days',
    ],
    [
      'a step of a moment',
      { mode: 'rolling', lengths: { trainMs: DAY, testMs: 1 }, embargoMs: 0 },
      'make more than 10000 windows',
    ],
    [
      'an embargo back in time',
      { mode: 'rolling', lengths: lengths(30, 5), embargoMs: -1 },
      'embargo is',
    ],
    [
      'a share of all',
      { mode: 'rolling', lengths: { windows: 4, trainShare: 1 }, embargoMs: 0 },
      'train share is 1',
    ],
    [
      'a fold that leaves nothing',
      { mode: 'folds', lengths: lengths(100, 100), embargoMs: 0 },
      'one fold and its training need',
    ],
  ])('refuses %s', (_, rules, text) => {
    expect(() => planWindows(data, rules)).toThrow(text)
  })

  it('training around a test keeps the embargo on both sides', () => {
    const around = trainingAround({ from: 0, to: 100 }, { from: 40, to: 50 }, 7)
    expect(around).toEqual([
      { from: 0, to: 33 },
      { from: 57, to: 100 },
    ])
    expect(trainingAround({ from: 0, to: 100 }, { from: 5, to: 95 }, 7)).toEqual([])
  })
})
