import { markup, type Html, type Part } from './html.ts'

/** A cell: what it says, and what it sorts by (null: not known). */
export type Cell = {
  readonly text: Part
  readonly value?: number | null
  readonly tone?: number | null
}

export type Column<Row> = {
  readonly head: string
  /** Explains the figure; shown on hover. */
  readonly about?: string
  readonly cell: (row: Row) => Cell
}

const toneOf = (tone: number | null | undefined): string =>
  tone === null || tone === undefined || tone === 0 ? '' : tone > 0 ? 'buy-text' : 'sell-text'

const cellOf = ({ text, value, tone }: Cell): Html =>
  value === undefined
    ? markup`<td class="${toneOf(tone)}">${text}</td>`
    : markup`<td class="${toneOf(tone)}" data-v="${value ?? ''}">${text}</td>`

/** A table whose heads sort it. */
export const table = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Html =>
  markup`<table class="sortable"><thead><tr>${columns.map(
    ({ head, about = head }) =>
      markup`<th scope="col"><button type="button" title="${about}">${head}</button></th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) => markup`<tr>${columns.map((column) => cellOf(column.cell(row)))}</tr>`,
  )}</tbody></table>`
