import { Button, Stack, Table, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { save } from '../../../ui/record-list/export.ts'
import { ShortId, shortened } from '../../../ui/short-id.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { Who } from '../../../ui/who.tsx'
import { AskReview, useDemanded } from '../../governance/reviews/ask-review.tsx'
import { approveErasure, type Erasure, erasureNews, erasureQuery, erasuresKey, readCertificate, withdrawErasure } from './queries.ts'
import { ErasureState } from './state.tsx'

export function ErasurePage() {
  const { erasure: id = '' } = useParams({ strict: false }) as { erasure?: string }
  useLive(erasureNews, [...erasuresKey, id])
  return (
    <QueryView whole query={useQuery(erasureQuery(id))}>
      {(found) => <Shown erasure={found} />}
    </QueryView>
  )
}

function Shown({ erasure }: { readonly erasure: Erasure }) {
  const { t } = useTranslation('ledger.erasures')
  const format = useFormat()
  const counts = Object.entries(erasure.counts).filter(([, count]) => count > 0)
  const moment = (label: string, at: string | null) => (at === null ? [] : [{ label, value: <Moment at={at} /> }])
  return (
    <ObjectPage
      kind="erasure"
      id={erasure.id}
      title={t('one', { id: shortened(erasure.id) })}
      chip={<ErasureState state={erasure.state} />}
      about={t(`aboutOne.${erasure.state}`)}
      actions={<Actions erasure={erasure} />}
    >
      <Stack gap="lg">
        <Facts
          facts={[
            { label: t('ground'), value: t(`grounds.${erasure.ground}`) },
            ...(erasure.reference === null ? [] : [{ label: t('reference'), value: erasure.reference }]),
            { label: t('person'), value: <ShortId id={erasure.subject_id} /> },
            { label: t('requestedBy'), value: <Who id={erasure.requested_by} /> },
            ...moment(t('requestedAt'), erasure.requested_at),
            ...moment(t('approvedAt'), erasure.approved_at),
            ...moment(t('destroyedAt'), erasure.destroyed_at),
            ...moment(t('purgedAt'), erasure.purged_at),
            ...moment(t('endedAt'), erasure.ended_at),
          ]}
        />
        {counts.length === 0 ? null : (
          <section aria-labelledby="counts">
            <Title order={2} id="counts" mb="sm">
              {t('counts')}
            </Title>
            <Table.ScrollContainer minWidth={320} type="native">
              <Table aria-labelledby="counts" maw={480}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{t('from')}</Table.Th>
                    <Table.Th scope="col" ta="end">
                      {t('count')}
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {counts.map(([name, count]) => (
                    <Table.Tr key={name}>
                      <Table.Th scope="row">
                        <code>{name}</code>
                      </Table.Th>
                      <Table.Td ta="end">{format.number(count)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </section>
        )}
      </Stack>
    </ObjectPage>
  )
}

function Actions({ erasure: { id, state } }: { readonly erasure: Erasure }) {
  const { t } = useTranslation('ledger.erasures')
  const can = useCan()
  const demanded = useDemanded('erasure')
  const reviewWords = {
    label: t('review.label'),
    title: t('review.title'),
    consequence: t('review.consequence'),
    confirm: t('review.confirm'),
    done: t('review.done'),
    open: t('review.open'),
  }
  const download = useMutation({
    mutationFn: async () => save(`erasure-${id}.json`, 'application/json', `${JSON.stringify(await readCertificate(id), null, 2)}\n`),
  })
  return (
    <>
      {state === 'requested' && demanded === true ? <AskReview kind="erasure" object={id} words={reviewWords} /> : null}
      {state === 'requested' && demanded === false && can('publish', 'erasure') ? (
        <ConfirmButton
          label={t('approve.label')}
          title={t('approve.title')}
          consequence={t('approve.consequence')}
          confirm={t('approve.confirm')}
          act={async () => void say(t((await approveErasure(id)) === 'begun' ? 'approve.begun' : 'approve.counted'))}
        />
      ) : null}
      {['requested', 'approved', 'held'].includes(state) && can('delete', 'erasure') ? (
        <ConfirmButton
          label={t('withdraw.label')}
          title={t('withdraw.title')}
          consequence={t('withdraw.consequence')}
          confirm={t('withdraw.confirm')}
          act={() => withdrawErasure(id)}
        />
      ) : null}
      {state === 'certified' ? (
        <>
          <ProblemAlert error={download.error} />
          <Button leftSection={<IconDownload size={16} aria-hidden />} onClick={() => download.mutate()} loading={download.isPending}>
            {t('certificate')}
          </Button>
        </>
      ) : null}
    </>
  )
}
