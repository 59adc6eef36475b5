import { Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Copyable } from '../../../ui/copyable.tsx'
import { logEvidence } from '../../../ui/evidence/queries.ts'
import { Moment } from '../../../ui/moment.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import type { Keys } from './queries.ts'

/** Keys with one use each; the public one of the log, to be kept by whoever checks it. */
export function SigningKeys({ secrets }: { readonly secrets: Keys['named_secrets'] }) {
  const { t } = useTranslation('ledger.keys')
  const can = useCan()
  const { data } = useQuery({ ...logEvidence, enabled: can('read', 'ledger_entry') })
  // A later generation bears its number behind the name.
  const wordsOf = (name: string) => {
    const [, base = name, generation] = /^(.+)\/([2-9]|[1-9]\d+)$/.exec(name) ?? []
    const use = t(`signing.uses.${base.replaceAll('/', '-')}`, base)
    return generation === undefined ? use : t('signing.ofGeneration', { use, generation })
  }
  return (
    <Stack component="section" gap="sm" aria-labelledby="signing">
      <Title order={2} id="signing">
        {t('signing.title')}
      </Title>
      <Text c="dimmed" maw={720}>
        {t('signing.about')}
      </Text>
      <WideTable label={t('signing.title')} minWidth={480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('signing.use')}</Table.Th>
            <Table.Th scope="col">{t('signing.name')}</Table.Th>
            <Table.Th scope="col">{t('signing.made')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {secrets.map(({ name, created_at }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{wordsOf(name)}</Table.Th>
              <Table.Td>
                <code>{name}</code>
              </Table.Td>
              <Table.Td>
                <Moment at={created_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      {data === undefined ? null : (
        <>
          <Text>{t('signing.public')}</Text>
          <Copyable text={data.stated.vkey} label={t('signing.publicLabel')} />
        </>
      )}
    </Stack>
  )
}
