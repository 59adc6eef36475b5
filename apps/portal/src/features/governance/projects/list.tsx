import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { isOpenTo } from '../../../rights.ts'
import { useCan, useSession } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn, ListFilter } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type Project, projectPages } from './queries.ts'
import { ProjectState, projectStates } from './state.tsx'
import { ProposeProject } from './terms.tsx'

export function ProjectList() {
  const { t } = useTranslation('governance.projects')
  const can = useCan()
  const pathTo = useObjectPath()
  const all = isOpenTo(useSession(), { action: 'read', on: 'project', everybodys: true })
  const [proposing, { open, close }] = useDisclosure()
  const columns = useMemo(
    (): ListColumn<Project>[] => [
      { name: 'title', label: t('name'), value: (row) => row.title, width: 280, phone: true },
      { name: 'state', label: t('stateLabel'), value: (row) => row.state, cell: (row) => <ProjectState state={row.state} />, width: 130, phone: true },
      { name: 'purpose', label: t('purpose'), value: (row) => row.purpose, cell: (row) => <code>{row.purpose}</code>, width: 240 },
      { name: 'starts_at', label: t('starts'), value: (row) => row.starts_at, cell: (row) => <Moment at={row.starts_at} focusable={false} />, width: 150 },
      { name: 'ends_at', label: t('ends'), value: (row) => row.ends_at, cell: (row) => <Moment at={row.ends_at} focusable={false} />, width: 150 },
    ],
    [t],
  )
  const filters = useMemo(
    (): ListFilter[] => [
      {
        kind: 'choice',
        name: 'state',
        label: t('stateLabel'),
        options: Object.keys(projectStates).map((value) => ({ value, label: t(`state.${value}`) })),
      },
      ...(all ? [{ kind: 'choice' as const, name: 'mine', label: t('whose'), options: [{ value: 'true', label: t('mine') }] }] : []),
    ],
    [t, all],
  )
  const pages = useMemo(() => projectPages(all), [all])
  const propose = can('create', 'project') ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      {t('propose.open')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} about={t('about')} actions={propose}>
      <RecordList
        name="projects"
        label={t('title')}
        columns={columns}
        filters={filters}
        pages={pages}
        live={['projects.*']}
        rowId={(row) => row.id}
        open={(row) => pathTo('project', row.id)}
        empty={<EmptyState title={t('empty.title')} about={all ? t('empty.about') : t('empty.aboutMine')} />}
      />
      {proposing ? <ProposeProject onClose={close} /> : null}
    </Page>
  )
}
