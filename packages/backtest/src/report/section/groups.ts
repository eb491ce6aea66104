import { GROUPINGS, type Grouping, type TradeGroup } from '@tapedeck/core'
import type { Report } from '../build-report.ts'
import { duration, number, percent, signed } from '../page/format.ts'
import { markup, type Html } from '../page/html.ts'
import { table, type Column } from '../page/table.ts'

const TITLES: Readonly<Record<Grouping, string>> = {
  grade: 'By grade',
  exit_reason: 'By reason of exit',
  session: 'By session',
  strategy: 'By strategy',
  side: 'By side',
  symbol: 'By symbol',
}

/** Reasons and strategies are codes; grades, sessions and symbols are names. */
const nameOf = (grouping: Grouping, key: string | null): string => {
  if (key === null) return 'none'
  const isCode = grouping === 'exit_reason' || grouping === 'strategy' || grouping === 'side'
  return isCode ? key.toLowerCase().replaceAll('_', ' ') : key
}

const columnsFor = (grouping: Grouping): Column<TradeGroup>[] => [
  {
    head: grouping.replace('_', ' '),
    cell: ({ key }) => ({ text: nameOf(grouping, key) }),
  },
  { head: 'trades', cell: ({ trades }) => ({ text: number(trades, 0), value: trades }) },
  {
    head: 'won',
    about: 'share of trades with a net above 0',
    cell: ({ win_rate }) => ({ text: percent(win_rate, 0), value: win_rate }),
  },
  {
    head: 'net',
    cell: ({ net_profit }) => ({ text: signed(net_profit), value: net_profit, tone: net_profit }),
  },
  {
    head: 'R',
    about: 'mean R of a trade',
    cell: ({ expectancy_r }) => ({
      text: signed(expectancy_r),
      value: expectancy_r,
      tone: expectancy_r,
    }),
  },
  {
    head: 'PF',
    about: 'profit factor',
    cell: ({ profit_factor }) => ({ text: number(profit_factor), value: profit_factor }),
  },
  {
    head: 'held',
    about: 'median time',
    cell: ({ median_duration_ms }) => ({
      text: duration(median_duration_ms),
      value: median_duration_ms,
    }),
  },
]

/** One table a grouping; those that do not tell trades apart are left out, but for grade and reason. */
export const groupsSection = ({ performance }: Report): Html => {
  const worth = GROUPINGS.filter(
    (grouping) =>
      performance.groups[grouping].length > 1 ||
      grouping === 'exit_reason' ||
      (grouping === 'grade' && performance.groups.grade.some(({ key }) => key !== null)),
  )
  return markup`<h2 id="groups">Where it came from</h2><div class="two">${worth.map(
    (grouping) =>
      markup`<div class="panel scroll tall"><h3>${TITLES[grouping]}</h3>${table(columnsFor(grouping), performance.groups[grouping])}</div>`,
  )}</div>`
}
