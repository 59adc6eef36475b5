import { Button, Group, List, Stack, Text, Title } from '@mantine/core'
import { useDisclosure, useId } from '@mantine/hooks'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { save } from '../../../ui/record-list/export.ts'
import { ProblemAlert } from '../../../ui/states.tsx'
import { type MyConsent, moreOfMyConsent, readMyReceipt } from './queries.ts'

/** What else there is about a consent: its receipt, how it stood before, and who received something because of it. */
export function More({ consent }: { readonly consent: MyConsent }) {
  const { t } = useTranslation('me.consents')
  const [opened, { toggle }] = useDisclosure()
  const region = useId()
  const downloading = useMutation({
    // Named by the consent alone: a file's name is seen by many.
    mutationFn: async () =>
      save(`consent-receipt-${consent.id.slice(-8)}.json`, 'application/json', `${JSON.stringify(await readMyReceipt(consent.id), undefined, 2)}\n`),
  })
  return (
    <Stack gap="sm" align="flex-start" w="100%">
      <Group gap="xs">
        <Button variant="subtle" size="compact-md" aria-expanded={opened} aria-controls={region} onClick={toggle}>
          {t(opened ? 'more.close' : 'more.open')}
        </Button>
        <Button
          variant="subtle"
          size="compact-md"
          leftSection={<IconDownload size={14} aria-hidden />}
          loading={downloading.isPending}
          onClick={() => downloading.mutate()}
        >
          {t('more.receipt')}
        </Button>
      </Group>
      <ProblemAlert error={downloading.error} />
      <div id={region}>{opened ? <Details consent={consent} /> : null}</div>
    </Stack>
  )
}

function Details({ consent }: { readonly consent: MyConsent }) {
  const { t } = useTranslation('me.consents')
  const format = useFormat()
  return (
    <QueryView query={useQuery(moreOfMyConsent(consent))}>
      {({ copies, versions }) => (
        <Stack gap="xs">
          <Title order={2} size="h5">
            {t('more.received')}
          </Title>
          {copies.length === 0 ? (
            <Text size="sm">{t('more.nobody')}</Text>
          ) : (
            <List size="sm" listStyleType="none">
              {copies.map(({ release, partner_name, left_at, told_at }) => (
                <List.Item key={release}>
                  {t('more.copy', { partner: partner_name, day: format.longDay(left_at) })}
                  {told_at === null ? '' : ` ${t('more.told', { day: format.longDay(told_at) })}`}
                </List.Item>
              ))}
            </List>
          )}
          {versions.length > 1 ? (
            <>
              <Title order={2} size="h5">
                {t('more.versions')}
              </Title>
              <List size="sm" listStyleType="none">
                {versions.map(({ id, version, given_at, superseded_at }) => (
                  <List.Item key={id}>
                    {superseded_at === null
                      ? t('more.newest', { version, day: format.longDay(given_at) })
                      : t('more.version', { version, day: format.longDay(given_at), end: format.longDay(superseded_at) })}
                  </List.Item>
                ))}
              </List>
            </>
          ) : null}
        </Stack>
      )}
    </QueryView>
  )
}
