import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Sorting } from './arrange.ts'
import type { ListColumn } from './columns.ts'

const rowHeight = { dense: 32, normal: 40 } as const
/** Rows drawn beyond each edge, so that a quick scroll shows no gaps. */
const overscan = 6
const columnWidth = 160

export interface RowsHandle {
  /** Moves the focus by so many rows. */
  move(by: number): void
  toTop(): void
}

interface RowsProps<T> {
  readonly label: string
  readonly rows: readonly T[]
  readonly rowId: (row: T) => string
  readonly columns: readonly ListColumn<T>[]
  readonly open: ((row: T) => string | undefined) | undefined
  /** Whether more rows are to be had than are known. */
  readonly more: boolean
  readonly onEnd: () => void
  readonly dense: boolean
  /** Absent where the list cannot be sorted. */
  readonly onSort: ((sorting: Sorting | undefined) => void) | undefined
  readonly sorting: Sorting | undefined
  readonly handle: Ref<RowsHandle>
}

/** A real table of which only the rows in sight exist; screen readers are told how many there are and which ones these are. */
export function Rows<T>({ label, rows, rowId, columns, open, more, onEnd, dense, onSort, sorting, handle }: RowsProps<T>) {
  const region = useRef<HTMLDivElement>(null)
  const active = useRef(-1)
  const height = dense ? rowHeight.dense : rowHeight.normal
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => region.current,
    estimateSize: () => height,
    overscan,
    // The head stays on top and hides a row that is scrolled under it.
    scrollPaddingStart: rowHeight.normal,
    useFlushSync: false,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are of one height, which changes only with the density
  useEffect(() => virtualizer.measure(), [virtualizer, height])
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (more && last >= rows.length - 1 - overscan) onEnd()
  }, [more, last, rows.length, onEnd])

  const focus = (index: number) => {
    active.current = index
    virtualizer.scrollToIndex(index)
    // The row exists one frame after it has come into sight.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => region.current?.querySelector<HTMLElement>(`tr[data-index="${String(index)}"] [data-row-focus]`)?.focus()),
    )
  }
  useImperativeHandle(handle, () => ({
    move: (by) => {
      if (rows.length > 0) focus(Math.min(Math.max(active.current + by, 0), rows.length - 1))
    },
    toTop: () => virtualizer.scrollToIndex(0),
  }))

  const before = items[0]?.start ?? 0
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <section
      className="list-region"
      ref={region}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be within reach of the keyboard
      tabIndex={0}
      onFocus={(event) => {
        const row = event.target.closest<HTMLElement>('tr[data-index]')
        if (row !== null) active.current = Number(row.dataset.index)
      }}
    >
      <table className="list" data-dense={dense} aria-label={label} aria-rowcount={more ? -1 : rows.length + 1} style={{ minWidth: widthOf(columns) }}>
        <colgroup>
          {columns.map(({ name, width = columnWidth }) => (
            <col key={name} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Head key={column.name} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={before} columns={columns.length} />
          {items.map(({ index }) => {
            const row = rows[index]
            return row === undefined ? null : (
              <MemoRow key={rowId(row)} row={row as object} index={index} columns={columns as readonly ListColumn<object>[]} path={open?.(row)} />
            )
          })}
          <Gap height={after} columns={columns.length} />
        </tbody>
      </table>
    </section>
  )
}

const widthOf = (columns: readonly ListColumn<never>[]): number => columns.reduce((sum, { width = columnWidth }) => sum + width, 0)

/** Stands for the rows that are out of sight. */
function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  return height <= 0 ? null : (
    <tr aria-hidden style={{ height }}>
      <td colSpan={columns} style={{ height }} />
    </tr>
  )
}

interface HeadProps<T> {
  readonly column: ListColumn<T>
  readonly sorting: Sorting | undefined
  readonly onSort: ((sorting: Sorting | undefined) => void) | undefined
}

/** First upwards, then downwards, then as it came. */
function Head<T>({ column: { name, label, numeric = false }, sorting, onSort }: HeadProps<T>) {
  const { t } = useTranslation()
  const direction = sorting?.column !== name ? undefined : sorting.descending ? 'descending' : 'ascending'
  const next = direction === undefined ? { column: name, descending: false } : direction === 'ascending' ? { column: name, descending: true } : undefined
  return (
    <th scope="col" data-numeric={numeric} aria-sort={direction}>
      {onSort === undefined ? (
        label
      ) : (
        <button type="button" className="sort" onClick={() => onSort(next)} data-note={t('list.sort')}>
          {label} <span aria-hidden>{direction === undefined ? '' : direction === 'ascending' ? '↑' : '↓'}</span>
        </button>
      )}
    </th>
  )
}

interface RowProps {
  readonly row: object
  readonly index: number
  readonly columns: readonly ListColumn<object>[]
  readonly path: string | undefined
}

function Row({ row, index, columns, path }: RowProps) {
  return (
    <tr aria-rowindex={index + 2} data-index={index} {...(path === undefined ? { 'data-row-focus': '', tabIndex: -1 } : {})}>
      {columns.map((column, at) => {
        const content = column.cell === undefined ? (column.value(row) ?? '–') : column.cell(row)
        return (
          <td key={column.name} data-numeric={column.numeric}>
            {at === 0 && path !== undefined ? (
              <Link to={path} data-row-focus="">
                {content}
              </Link>
            ) : (
              content
            )}
          </td>
        )
      })}
    </tr>
  )
}

/** A scroll draws only the rows that came into sight. */
const MemoRow = memo(Row)
