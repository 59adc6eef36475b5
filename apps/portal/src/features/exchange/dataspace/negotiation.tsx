import { Alert, Anchor, Button, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { Course } from './course.tsx'
import { EndProcess } from './end-process.tsx'
import { ProcessFacts } from './process-facts.tsx'
import { askTransfer, dataspaceKey, dataspaceNews, type Negotiation, negotiationQuery, stepNegotiation } from './queries.ts'
import { ProcessState } from './state.tsx'
import { Terms } from './terms.tsx'

export function NegotiationPage() {
  const { negotiation = '' } = useParams({ strict: false }) as { negotiation?: string }
  useLive(dataspaceNews, dataspaceKey)
  const query = useQuery(negotiationQuery(negotiation))
  return (
    <QueryView whole query={query}>
      {(found) => <Shown negotiation={found} />}
    </QueryView>
  )
}

function Shown({ negotiation }: { readonly negotiation: Negotiation }) {
  const { t } = useTranslation('exchange.dataspace')
  const can = useCan()
  const pathTo = useObjectPath()
  const navigate = useNavigate()
  const acting = useMutation({ mutationFn: (act: () => Promise<unknown>) => act() })
  const { id, state, role, steps, review, review_state, partner, agreement } = negotiation
  const reviewPath = review === null ? undefined : pathTo('review', review)
  const waits = review_state === 'open' && reviewPath !== undefined && can('read', 'review')
  const transfers = state === 'FINALIZED' && role === 'consumer' && agreement !== null && can('create', 'transfer')
  return (
    <ObjectPage
      kind="negotiation"
      id={id}
      title={t('oneNegotiation', { partner })}
      chip={<ProcessState state={state} />}
      about={t(`aboutNegotiation.${role}`)}
      actions={
        <>
          {waits ? (
            <Button component={Link} to={reviewPath}>
              {t('openReview')}
            </Button>
          ) : null}
          {transfers ? (
            <Button
              loading={acting.isPending}
              onClick={() =>
                acting.mutate(async () => {
                  const made = await askTransfer(partner, agreement)
                  await navigate({ to: pathTo('transfer', made.id) ?? '/exchange/dataspace' })
                })
              }
            >
              {t('step.transfer')}
            </Button>
          ) : null}
          {can('update', 'negotiation') ? (
            <>
              {steps.includes('accept') ? (
                <ConfirmButton
                  label={t('step.accept')}
                  title={t('accept.title')}
                  consequence={t('accept.consequence')}
                  confirm={t('step.accept')}
                  act={() => stepNegotiation(id, 'accept')}
                />
              ) : null}
              {steps.includes('terminate') ? <EndProcess of="negotiation" act={() => stepNegotiation(id, 'terminate')} /> : null}
            </>
          ) : null}
        </>
      }
    >
      <Stack gap="xl">
        <ProblemAlert error={acting.error} />
        {review_state === 'open' ? (
          <Alert variant="default" title={t('waits.title')}>
            {t('waits.about')}{' '}
            {waits ? (
              <Anchor component={Link} to={reviewPath} underline="always">
                {t('openReview')}
              </Anchor>
            ) : null}
          </Alert>
        ) : null}
        {state === 'OFFERED' && role === 'consumer' ? <Alert variant="default">{t('differs')}</Alert> : null}
        <Section id="terms" title={t('terms.title')}>
          <Terms terms={negotiation.terms} />
        </Section>
        <Section id="course" title={t('course')}>
          <Course messages={negotiation.messages} />
        </Section>
        <ProcessFacts process={negotiation} />
      </Stack>
    </ObjectPage>
  )
}
