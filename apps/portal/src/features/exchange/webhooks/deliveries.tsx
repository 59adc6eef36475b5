import { Anchor, Button, Table, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { replay, type WebhookWithDeliveries } from './queries.ts'
import { DeliveryState } from './state.tsx'

/** The last deliveries, with what the receiver answered, and another try for those that are over. */
export function Deliveries({ webhook, onSent }: { readonly webhook: WebhookWithDeliveries; readonly onSent: () => void }) {
  const { t } = useTranslation('exchange.webhooks')
  const format = useFormat()
  const can = useCan()
  const replaying = useMutation({ mutationFn: (delivery: string) => replay(webhook.id, delivery), onSuccess: onSent })
  const rows = webhook.last_deliveries
  return (
    <section aria-labelledby="deliveries">
      <Title order={2} id="deliveries" mb="sm">
        {t('delivery.title')}
      </Title>
      <ProblemAlert error={replaying.error} />
      {rows.length === 0 ? (
        <EmptyState title={t('delivery.none')} about={t('delivery.noneAbout')} />
      ) : (
        <>
          <Table.ScrollContainer minWidth={780} type="native">
            <Table aria-labelledby="deliveries">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('delivery.event')}</Table.Th>
                  <Table.Th scope="col">{t('delivery.type')}</Table.Th>
                  <Table.Th scope="col">{t('stateLabel')}</Table.Th>
                  <Table.Th scope="col">{t('delivery.attempts')}</Table.Th>
                  <Table.Th scope="col">{t('delivery.answer')}</Table.Th>
                  <Table.Th scope="col">{t('delivery.last')}</Table.Th>
                  <Table.Th scope="col">{t('delivery.act')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map(({ id, event_id, type, state, attempts, last_status, last_error, last_attempt_at }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <ShortId id={event_id} />
                    </Table.Td>
                    <Table.Td>
                      <code>{type}</code>
                    </Table.Td>
                    <Table.Td>
                      <DeliveryState state={state} />
                    </Table.Td>
                    <Table.Td>{format.number(attempts)}</Table.Td>
                    <Table.Td>{last_error ?? (last_status === null ? '–' : `HTTP ${String(last_status)}`)}</Table.Td>
                    <Table.Td>{last_attempt_at === null ? '–' : <Moment at={last_attempt_at} />}</Table.Td>
                    <Table.Td>
                      {can('update', 'webhook') && state !== 'pending' ? (
                        <Button
                          variant="default"
                          size="compact-sm"
                          disabled={webhook.state !== 'active'}
                          loading={replaying.isPending && replaying.variables === id}
                          onClick={() => replaying.mutate(id)}
                        >
                          {t('delivery.replay')}
                        </Button>
                      ) : null}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <Text mt="sm">
            <Anchor component={Link} to={`/exchange/webhooks/${webhook.id}/deliveries`}>
              {t('delivery.all')}
            </Anchor>
          </Text>
        </>
      )}
    </section>
  )
}
