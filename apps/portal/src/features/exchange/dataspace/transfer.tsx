import { Button, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { Course } from './course.tsx'
import { EndProcess } from './end-process.tsx'
import { ProcessFacts } from './process-facts.tsx'
import { dataspaceKey, dataspaceNews, stepTransfer, type Transfer, transferQuery } from './queries.ts'
import { ProcessState } from './state.tsx'

export function TransferPage() {
  const { transfer = '' } = useParams({ strict: false }) as { transfer?: string }
  useLive(dataspaceNews, dataspaceKey)
  const query = useQuery(transferQuery(transfer))
  return (
    <QueryView whole query={query}>
      {(found) => <Shown transfer={found} />}
    </QueryView>
  )
}

function Shown({ transfer }: { readonly transfer: Transfer }) {
  const { t } = useTranslation('exchange.dataspace')
  const can = useCan()
  const acting = useMutation({ mutationFn: (act: () => Promise<unknown>) => act() })
  const { id, state, role, steps, partner, purposes } = transfer
  const takes = role === 'consumer' && state === 'STARTED' && transfer.delivered_at === null && can('export', 'transfer')
  return (
    <ObjectPage
      kind="transfer"
      id={id}
      title={t('oneTransfer', { partner })}
      chip={<ProcessState state={state} />}
      about={t(`aboutTransfer.${role}`)}
      actions={
        <>
          {takes
            ? (purposes.length === 0 ? [undefined] : purposes).map((purpose) => (
                <Button
                  key={purpose ?? ''}
                  component="a"
                  href={`/v1/dataspace/transfers/${id}/data${purpose === undefined ? '' : `?purpose=${encodeURIComponent(purpose)}`}`}
                  download
                >
                  {purpose === undefined ? t('step.fetch') : t('step.fetchFor', { purpose })}
                </Button>
              ))
            : null}
          {can('update', 'transfer') ? (
            <>
              {(['suspend', 'resume', 'complete'] as const).map((step) =>
                steps.includes(step) ? (
                  <Button key={step} variant="default" loading={acting.isPending} onClick={() => acting.mutate(() => stepTransfer(id, step))}>
                    {t(`step.${step}`)}
                  </Button>
                ) : null,
              )}
              {steps.includes('terminate') ? <EndProcess of="transfer" act={() => stepTransfer(id, 'terminate')} /> : null}
            </>
          ) : null}
        </>
      }
    >
      <Stack gap="xl">
        <ProblemAlert error={acting.error} />
        <Section id="course" title={t('course')}>
          <Course messages={transfer.messages} />
        </Section>
        <ProcessFacts
          process={transfer}
          agreed={[
            { label: t('format'), value: transfer.format },
            { label: t('deliveredAt'), value: transfer.delivered_at === null ? null : <Moment at={transfer.delivered_at} /> },
          ]}
        />
      </Stack>
    </ObjectPage>
  )
}
