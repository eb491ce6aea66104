/**
 * The whole program of the page: a click on a column's head sorts its table, by number where cells have a `data-v`.
 * What is not known stays at the end. Without scripts the table is in order of time.
 */
export const SCRIPT = `
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells]
  heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
    const down = head.getAttribute('aria-sort') !== 'descending'
    heads.forEach((one) => one.removeAttribute('aria-sort'))
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
    const body = table.tBodies[0]
    const key = (row) => {
      const cell = row.cells[column]
      return cell.dataset.v === undefined ? cell.textContent : cell.dataset.v === '' ? null : Number(cell.dataset.v)
    }
    const rows = [...body.rows].map((row) => [key(row), row])
    rows.sort(([a], [b]) => a === null ? (b === null ? 0 : 1) : b === null ? -1 :
      (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1))
    body.append(...rows.map(([, row]) => row))
  }))
}
for (const link of document.querySelectorAll('a[data-trade]')) link.addEventListener('click', () => {
  const target = document.getElementById(link.hash.slice(1))
  if (target) target.open = true
})
`
