import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { AddInstitution, InviteAdministrator } from './add.tsx'
import { type Institution, institutionsQuery } from './queries.ts'

const tones = { own: 'info', active: 'permit', unclaimed: 'attention', ending: 'deny' } as const satisfies Readonly<Record<string, Tone>>

const standingOf = ({ erasedFrom, own, standing }: Institution): keyof typeof tones => (erasedFrom !== undefined ? 'ending' : own ? 'own' : standing)

export function InstitutionList() {
  const { t } = useTranslation('administration.institutions')
  const can = useCan()
  const [adding, { open, close }] = useDisclosure()
  const [inviting, setInviting] = useState<Institution>()
  const mayInvite = can('update', 'institution')
  const columns = useMemo(
    (): ListColumn<Institution>[] => [
      { name: 'name', label: t('name'), value: (row) => row.name, width: 190, phone: true },
      { name: 'slug', label: t('slug'), value: (row) => row.slug, cell: (row) => <code>{row.slug}</code>, width: 190 },
      {
        name: 'standing',
        label: t('standingLabel'),
        value: (row) => standingOf(row),
        cell: (row) => <StateChip tone={tones[standingOf(row)]}>{t(`standing.${standingOf(row)}`)}</StateChip>,
        width: 230,
        phone: true,
      },
      { name: 'staff', label: t('staff'), value: (row) => row.staff, numeric: true, width: 90 },
      { name: 'id', label: t('id'), value: (row) => row.id, cell: (row) => <ShortId id={row.id} />, width: 150 },
      { name: 'created_at', label: t('since'), value: (row) => row.created_at, cell: (row) => <Moment at={row.created_at} focusable={false} /> },
      ...(mayInvite
        ? [
            {
              name: 'invite',
              label: t('invite.column'),
              value: () => null,
              cell: (row: Institution) =>
                standingOf(row) === 'unclaimed' ? (
                  <Button size="compact-sm" variant="default" onClick={() => setInviting(row)} aria-label={t('invite.openFor', { name: row.name })}>
                    {t('invite.open')}
                  </Button>
                ) : null,
              width: 160,
            },
          ]
        : []),
    ],
    [t, mayInvite],
  )
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        can('create', 'institution') ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t('add.open')}
          </Button>
        ) : undefined
      }
    >
      <QueryView query={useQuery(institutionsQuery)}>
        {(rows) => (
          <RecordList
            name="institutions"
            label={t('title')}
            columns={columns}
            rows={rows}
            rowId={(row) => row.id}
            empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
          />
        )}
      </QueryView>
      {adding ? <AddInstitution onClose={close} /> : null}
      {inviting === undefined ? null : <InviteAdministrator institution={inviting} onClose={() => setInviting(undefined)} />}
    </Page>
  )
}
