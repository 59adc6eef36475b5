import './heat-grid.css'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import type { HeatMap, HeatRow } from './queries.ts'

/** A place of the matrix; without a column the whole row. */
export interface Cell {
  readonly row: number
  readonly column: number | undefined
}

interface HeatGridProps {
  readonly map: HeatMap
  readonly label: string
  readonly nameOf: (column: string) => string
  readonly chosen: Cell | undefined
  readonly onChoose: (cell: Cell) => void
}

const levels = 4
/** Where the focus goes from a place by a key; the row's own name is the column -1. */
const steps: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  PageDown: [10, 0],
  PageUp: [-10, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
}

/** The matrix as a table of buttons: one is in the order of the keyboard, arrows go to the others, Enter opens. Its numbers are written, not only coloured. */
export function HeatGrid({ map, label, nameOf, chosen, onChoose }: HeatGridProps) {
  const { t } = useTranslation('insight.patterns')
  const format = useFormat()
  const body = useRef<HTMLTableSectionElement>(null)
  const [at, setAt] = useState({ row: 0, column: -1 })
  const most = Math.max(1, ...map.rows.flatMap(({ values }) => values))
  const home = { row: Math.min(at.row, map.rows.length - 1), column: Math.min(at.column, map.columns.length - 1) }
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const to = { row: within(home.row + step[0], 0, map.rows.length - 1), column: within(home.column + step[1], -1, map.columns.length - 1) }
    setAt(to)
    body.current?.querySelector<HTMLElement>(`[data-place="${to.row},${to.column}"]`)?.focus()
  }
  const place = (row: number, column: number) => ({
    'data-place': `${row},${column}`,
    tabIndex: row === home.row && column === home.column ? 0 : -1,
    'aria-pressed': chosen !== undefined && chosen.row === row && (chosen.column ?? -1) === column,
    onFocus: () => setAt({ row, column }),
    onClick: () => onChoose({ row, column: column < 0 ? undefined : column }),
  })
  return (
    <section className="heat" aria-label={t('heat.title')}>
      <table aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('heat.who')}</th>
            {map.columns.map((column) => (
              <th key={column} scope="col">
                {nameOf(column).replace(/:00$/, '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={move}>
          {map.rows.map((row, index) => (
            <tr key={keyOf(row)}>
              <th scope="row">
                <button type="button" {...place(index, -1)}>
                  {rowName(row)}
                </button>
              </th>
              {row.values.map((value, column) => (
                <td key={map.columns[column]}>
                  <button
                    type="button"
                    data-level={value === 0 ? 0 : Math.ceil((value / most) * levels)}
                    {...place(index, column)}
                    aria-label={`${rowName(row)}, ${nameOf(map.columns[column] ?? '')}: ${format.number(value)}`}
                  >
                    {value === 0 ? '' : format.number(value)}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value))
const keyOf = ({ partner, purpose, field }: HeatRow): string => JSON.stringify([partner.id, purpose, field])

export function rowName({ partner, purpose_label, field }: HeatRow): string {
  return [partner.name, purpose_label, field].filter((part) => part !== null).join(' · ')
}
