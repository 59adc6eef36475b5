import './record-list.css'
import { Button, Stack, Text } from '@mantine/core'
import { useHotkeys, useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { useNews } from '../../live.ts'
import type { CursorPage, CursorPages } from '../../pages-of.ts'
import { queryClient } from '../../session.ts'
import { EmptyState, ErrorState, LoadingState, ProblemAlert } from '../states.tsx'
import { arrange } from './arrange.ts'
import type { FilterValues, ListColumn, ListFilter } from './columns.ts'
import { save, toCsv, toNdjson } from './export.ts'
import { Filters } from './filters.tsx'
import { useListAddress } from './list-address.ts'
import { Rows, type RowsHandle } from './rows.tsx'
import { SavedViews } from './saved-views.tsx'
import { Toolbar } from './toolbar.tsx'
import { withHead } from './with-head.ts'

/** So many rows a list reads at most, however long one scrolls, searches or exports. */
const rowsMax = 100_000

interface ListProps<T> {
  /** Names saved views, remembered density and exported files: `releases`. */
  readonly name: string
  /** What the rows are, for screen readers and over the count. */
  readonly label: string
  readonly columns: readonly ListColumn<T>[]
  readonly filters?: readonly ListFilter[]
  readonly rowId: (row: T) => string
  /** The address of a row's own page. */
  readonly open?: (row: T) => string | undefined
  /** Shown where there is nothing at all: an `EmptyState` that names the first step. */
  readonly empty: ReactNode
  /** Where the node exports by the same filters. What was searched for is known here only, so a search is exported from here. */
  readonly download?: ((as: 'csv' | 'ndjson', filters: FilterValues) => Promise<void>) | undefined
  /** Nothing is exported from here: what leaves does so by the node, which keeps a receipt of it. */
  readonly stays?: true
}

interface PagedProps<T> extends ListProps<T> {
  /** Reads the list page by page; the node applies the filters. */
  readonly pages: (filters: FilterValues) => CursorPages<T>
  /** Types of ledger entries after which the list may be another: `['release.*']`. */
  readonly live?: readonly string[]
  /** Rows that came since, newest first; they stand before those that were read, and instead of their older selves. */
  readonly head?: readonly T[]
}

interface WholeProps<T> extends ListProps<T> {
  /** All rows, already read; a filter applies to the column of its name. */
  readonly rows: readonly T[]
}

const none: readonly ListFilter[] = []

/** A list of anything, up to 100,000 rows. `columns`, `filters` and `pages` must be stable: outside the component, or in `useMemo`. */
export function RecordList<T extends object>(props: PagedProps<T> | WholeProps<T>) {
  return 'rows' in props ? <WholeList {...props} /> : <PagedList {...props} />
}

function WholeList<T extends object>(props: WholeProps<T>) {
  const address = useListAddress(props.filters ?? none)
  const readAll = useCallback(async () => props.rows, [props.rows])
  return <ListView {...props} address={address} rows={props.rows} filtered={false} more={false} readAll={readAll} />
}

function PagedList<T extends object>({ pages, live = [], head, ...props }: PagedProps<T>) {
  const { t } = useTranslation()
  const address = useListAddress(props.filters ?? none)
  const options = pages(address.filters)
  const query = useInfiniteQuery(options)
  const { data, error, refetch, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  const { rowId } = props
  const paged = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data])
  const rows = useMemo(() => withHead(head ?? [], paged, rowId), [head, paged, rowId])
  const [news, setNews] = useState(0)
  const read = (data?.pages.length ?? 0) > 1
  useNews(live, (entries) => {
    // Whoever has scrolled far would lose the place, and many pages would be read again for one row.
    if (read) setNews((before) => before + entries.length)
    else void queryClient.invalidateQueries({ queryKey: options.queryKey })
  })
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage && !isFetchNextPageError && rows.length < rowsMax) void fetchNextPage()
  }, [isFetchingNextPage, isFetchNextPageError, rows.length, fetchNextPage])
  if (data === undefined) return error === null ? <LoadingState lines={8} /> : <ErrorState error={error} onRetry={() => void refetch()} />

  const readAll = async () => {
    let result: Pick<UseInfiniteQueryResult<InfiniteData<CursorPage<T>>>, 'hasNextPage' | 'fetchNextPage'> = query
    let all: readonly T[] = rows
    while (result.hasNextPage && all.length < rowsMax) {
      const next = await result.fetchNextPage()
      if (next.error !== null) throw next.error
      all = withHead(head ?? [], next.data?.pages.flatMap((page) => page.data) ?? [], rowId)
      result = next
    }
    return all
  }
  const startOver = () => {
    setNews(0)
    void queryClient.resetQueries({ queryKey: options.queryKey })
  }
  return (
    <ListView
      {...props}
      address={address}
      rows={rows}
      filtered
      more={hasNextPage && rows.length < rowsMax}
      onEnd={onEnd}
      readAll={readAll}
      restless={head !== undefined}
    >
      {isFetchNextPageError ? <ErrorState error={error ?? new Error()} onRetry={() => void fetchNextPage()} /> : null}
      {news === 0 ? null : (
        <Button variant="light" onClick={startOver}>
          {t('list.news')}
        </Button>
      )}
    </ListView>
  )
}

interface ViewProps<T> extends ListProps<T> {
  readonly address: ReturnType<typeof useListAddress>
  readonly rows: readonly T[]
  /** Whether the rows came filtered from the node. */
  readonly filtered: boolean
  readonly more: boolean
  readonly onEnd?: () => void
  readonly readAll: () => Promise<readonly T[]>
  /** Whether rows come by themselves: then their number is not said aloud each time. */
  readonly restless?: boolean
  readonly children?: ReactNode
}

function ListView<T extends object>({
  name,
  label,
  columns,
  filters = none,
  rowId,
  open,
  empty,
  address,
  rows,
  filtered,
  more,
  onEnd,
  readAll,
  download,
  stays,
  restless = false,
  children,
}: ViewProps<T>) {
  const { t } = useTranslation()
  const format = useFormat()
  const [search, setSearch] = useState('')
  const [dense, setDense] = useLocalStorage({ key: `gatehouse-dense-${name}`, defaultValue: false, getInitialValueInEffect: false })
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const searchField = useRef<HTMLInputElement>(null)
  const handle = useRef<RowsHandle>(null)

  const shown = useMemo(() => shownColumns(columns, address.columns, phone), [columns, address.columns, phone])
  // Rows that are still to come would change every place: only a list that is whole can be sorted.
  const sorting = more ? undefined : address.sorting
  const asked = useDeferredValue(search)
  const arranged = useMemo(
    () => arrange(rows, columns, { filters: address.filters, search: asked, sorting }, filtered),
    [rows, columns, address.filters, asked, sorting, filtered],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever changes the order or the choice of rows begins the list again
  useEffect(() => handle.current?.toTop(), [address.filters, asked, sorting?.column, sorting?.descending])
  useHotkeys([
    ['j', () => handle.current?.move(1)],
    ['k', () => handle.current?.move(-1)],
    ['/', () => searchField.current?.focus()],
  ])
  const exporting = useMutation({
    async mutationFn(as: 'csv' | 'ndjson') {
      if (download !== undefined && search === '') return download(as, address.filters)
      const all = arrange(await readAll(), columns, { filters: address.filters, search, sorting: address.sorting }, filtered)
      if (as === 'csv') save(`${name}.csv`, 'text/csv;charset=utf-8', toCsv(all, shown))
      else save(`${name}.ndjson`, 'application/x-ndjson', toNdjson(all, shown))
    },
  })
  const asks = Object.keys(address.filters).length > 0 || search !== ''
  if (rows.length === 0 && !more && !asks) return empty
  const counted = t(more ? 'list.countSoFar' : 'list.count', { count: arranged.length, number: format.number(arranged.length) })
  return (
    <Stack gap="sm">
      <Toolbar
        search={search}
        onSearch={setSearch}
        searchField={searchField}
        columns={columns.map((column) => ({ name: column.name, label: column.label, shown: shown.includes(column) }))}
        onColumns={address.setColumns}
        dense={dense}
        onDense={setDense}
        exporting={exporting.isPending}
        onExport={stays === true ? undefined : (as) => exporting.mutate(as)}
      >
        <SavedViews list={name} view={address.view} onOpen={address.open} />
      </Toolbar>
      {filters.length === 0 ? null : <Filters filters={filters} values={address.filters} onChange={address.setFilter} onClear={address.clearFilters} />}
      <ProblemAlert error={exporting.error} />
      <Text size="sm" c="dimmed" role={restless ? undefined : 'status'}>
        {counted}
      </Text>
      {children}
      {arranged.length === 0 && !more ? (
        <EmptyState title={t('list.nothing')} about={t('list.nothingAbout')} />
      ) : (
        <Rows
          label={label}
          rows={arranged}
          rowId={rowId}
          columns={shown}
          open={open}
          more={more}
          onEnd={onEnd ?? noMore}
          dense={dense}
          sorting={sorting}
          onSort={more ? undefined : address.setSorting}
          handle={handle}
        />
      )}
    </Stack>
  )
}

const noMore = () => {}

/** Those chosen; else, on a phone, those meant for it. */
export function shownColumns<T>(columns: readonly ListColumn<T>[], chosen: readonly string[] | undefined, phone: boolean): readonly ListColumn<T>[] {
  const wanted = chosen === undefined ? [] : columns.filter(({ name }) => chosen.includes(name))
  if (wanted.length > 0) return wanted
  const usual = columns.filter(({ hidden }) => hidden !== true)
  if (!phone) return usual
  const meant = usual.filter((column) => column.phone === true)
  return meant.length > 0 ? meant : usual.slice(0, 2)
}
