import { Button, Stack, Table, Text, Title } from '@mantine/core'
import { useDisclosure, useId } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { moreOfConsent } from './queries.ts'
import { ConsentState } from './state.tsx'

/** The versions of a consent, and what left under it. Each look is an entry of the log, so it waits for somebody to ask. */
export function More({ consent, userId }: { readonly consent: string; readonly userId: string }) {
  const { t } = useTranslation('governance.consents')
  const [opened, { toggle }] = useDisclosure()
  const region = useId()
  return (
    <Stack gap="sm" align="flex-start">
      <Button variant="subtle" size="compact-md" aria-expanded={opened} aria-controls={region} onClick={toggle}>
        {t(opened ? 'more.close' : 'more.open')}
      </Button>
      <div id={region}>{opened ? <Details consent={consent} userId={userId} /> : null}</div>
    </Stack>
  )
}

function Details({ consent, userId }: { readonly consent: string; readonly userId: string }) {
  const { t } = useTranslation('governance.consents')
  const query = useQuery(moreOfConsent(consent, userId))
  return (
    <QueryView query={query}>
      {({ copies, versions }) => (
        <Stack gap="sm">
          <Title order={3}>{t('more.versions')}</Title>
          <WideTable label={t('more.versions')} minWidth={480}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('more.version')}</Table.Th>
                <Table.Th scope="col">{t('more.state')}</Table.Th>
                <Table.Th scope="col">{t('more.given')}</Table.Th>
                <Table.Th scope="col">{t('term.id')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {versions.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td>{one.version}</Table.Td>
                  <Table.Td>
                    <ConsentState state={one.state} />
                  </Table.Td>
                  <Table.Td>
                    <Moment at={one.given_at} />
                  </Table.Td>
                  <Table.Td>
                    <ShortId id={one.id} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </WideTable>
          <Title order={3}>{t('more.copies')}</Title>
          {copies.length === 0 ? (
            <Text>{t('more.none')}</Text>
          ) : (
            <WideTable label={t('more.copies')} minWidth={480}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('more.partner')}</Table.Th>
                  <Table.Th scope="col">{t('more.left')}</Table.Th>
                  <Table.Th scope="col">{t('more.told')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {copies.map(({ release, partner_name, left_at, told_at }) => (
                  <Table.Tr key={release}>
                    <Table.Td>{partner_name}</Table.Td>
                    <Table.Td>
                      <Moment at={left_at} />
                    </Table.Td>
                    <Table.Td>{told_at === null ? t('more.notTold') : <Moment at={told_at} />}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
          )}
        </Stack>
      )}
    </QueryView>
  )
}
