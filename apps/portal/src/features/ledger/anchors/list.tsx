/** Where checkpoints are made known outside, and what became of each. */
import { Button, Stack, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { save } from '../../../ui/record-list/export.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { AddTarget } from './add-target.tsx'
import { type Anchor, anchorNews, anchorPages, anchorsKey, readFile, runTurn, type Target, targetsQuery } from './queries.ts'
import { AnchorState } from './state.tsx'
import { toldOf, whyOf } from './story.ts'
import { Targets } from './targets.tsx'

export function AnchorsPage() {
  const { t } = useTranslation('ledger.anchors')
  useLive(anchorNews, anchorsKey)
  const query = useQuery(targetsQuery)
  return (
    <Page title={t('title')} about={t('about')} actions={<Actions targets={query.data?.data ?? []} />}>
      <QueryView query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState
              title={t('empty.title')}
              about={
                <>
                  {t('empty.about')} <code>docs/reference/anchors.md</code>
                </>
              }
            />
          ) : (
            <Stack gap="xl">
              <Targets targets={data} />
              <Stack gap="sm">
                <Title order={2}>{t('list.title')}</Title>
                <Anchors targets={data} />
              </Stack>
            </Stack>
          )
        }
      </QueryView>
    </Page>
  )
}

function Actions({ targets }: { readonly targets: readonly Target[] }) {
  const { t } = useTranslation('ledger.anchors')
  const can = useCan()
  const running = useMutation({ mutationFn: runTurn, onSuccess: (counts) => void say(t('run.done', counts)) })
  const download = useMutation({
    mutationFn: async () => save('anchors.json', 'application/json', `${JSON.stringify(await readFile(), null, 2)}\n`),
  })
  return (
    <>
      <ProblemAlert error={running.error ?? download.error} />
      {targets.length === 0 ? null : (
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => download.mutate()} loading={download.isPending}>
          {t('file')}
        </Button>
      )}
      {targets.some(({ state }) => state === 'active') && can('publish', 'anchor') ? (
        <Button variant="default" onClick={() => running.mutate()} loading={running.isPending}>
          {t('run.label')}
        </Button>
      ) : null}
      {can('create', 'anchor') ? <AddTarget /> : null}
    </>
  )
}

function Anchors({ targets }: { readonly targets: readonly Target[] }) {
  const { t } = useTranslation('ledger.anchors')
  const format = useFormat()
  const pathTo = useObjectPath()
  const columns = useMemo((): ListColumn<Anchor>[] => {
    const nameOf = (id: string) => targets.find((target) => target.id === id)?.name ?? id
    const why = (row: Anchor) => {
      const reason = whyOf(row)
      if (reason === undefined) return ''
      // What keeps it says more than that something does.
      return row.fault === null ? t(`why.${reason}`, { count: row.depth ?? 0 }) : t(`fault.${row.fault}`)
    }
    return [
      { name: 'size', label: t('size'), value: (row) => row.size, cell: (row) => format.number(row.size), numeric: true, width: 140, phone: true },
      {
        name: 'state',
        label: t('stateLabel'),
        value: (row) => t(`state.${toldOf(row)}`),
        cell: (row) => <AnchorState anchor={row} />,
        width: 190,
        phone: true,
      },
      { name: 'target', label: t('target'), value: (row) => nameOf(row.target), width: 170 },
      { name: 'why', label: t('whyLabel'), value: why, width: 320 },
      { name: 'attempts', label: t('attempts'), value: (row) => row.attempts, numeric: true, width: 130 },
      { name: 'losses', label: t('losses'), value: (row) => row.losses, numeric: true, width: 130 },
      {
        name: 'created_at',
        label: t('createdAt'),
        value: (row) => row.created_at,
        cell: (row) => <Moment at={row.created_at} focusable={false} />,
        width: 150,
      },
      {
        name: 'confirmed_at',
        label: t('confirmedAt'),
        value: (row) => row.confirmed_at,
        cell: (row) => (row.confirmed_at === null ? '' : <Moment at={row.confirmed_at} focusable={false} />),
        width: 150,
      },
    ]
  }, [t, format, targets])
  const filters = useMemo(
    (): ListFilter[] => [
      {
        kind: 'choice',
        name: 'state',
        label: t('stateLabel'),
        options: (['pending', 'sent', 'confirmed', 'final', 'superseded'] as const).map((value) => ({ value, label: t(`state.${value}`) })),
      },
      { kind: 'choice', name: 'target', label: t('target'), options: targets.map(({ id, name }) => ({ value: id, label: name })) },
    ],
    [t, targets],
  )
  return (
    <RecordList
      name="anchors"
      label={t('list.title')}
      columns={columns}
      filters={filters}
      pages={anchorPages}
      live={anchorNews}
      rowId={(row) => row.id}
      open={(row) => pathTo('anchor', row.id)}
      empty={<EmptyState title={t('list.empty.title')} about={t('list.empty.about')} />}
    />
  )
}
