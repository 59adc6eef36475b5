import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Section } from '../../../ui/section.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { askNode, catalogueKey, nodesQuery } from './queries.ts'

/** Other nodes tell the project of their tables when somebody of it asks; what they told stands among the others. */
export function Nodes({ project }: { readonly project: string }) {
  const { t } = useTranslation('custody.catalogue')
  const [node, name] = useState('')
  const { data } = useQuery(nodesQuery(project))
  const asking = useMutation({
    mutationFn: () => askNode(project, node.trim()),
    gcTime: 0,
    onSuccess: () => {
      name('')
      void queryClient.invalidateQueries({ queryKey: catalogueKey })
    },
  })
  return (
    <Section id="nodes" title={t('nodes.title')}>
      <Stack gap="md">
        <Text>{t('nodes.about')}</Text>
        {data === undefined || data.data.length === 0 ? null : (
          <WideTable label={t('nodes.title')} minWidth={480}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('nodes.node')}</Table.Th>
                <Table.Th scope="col">{t('nodes.askedAt')}</Table.Th>
                <Table.Th scope="col">{t('nodes.said')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.data.map((one) => (
                <Table.Tr key={one.node}>
                  <Table.Th scope="row">{one.node}</Table.Th>
                  <Table.Td>
                    <Moment at={one.asked_at} />
                  </Table.Td>
                  <Table.Td>
                    {one.refused === null
                      ? one.answered_at === null
                        ? t('nodes.waiting')
                        : t('nodes.tables', { count: one.tables })
                      : t('nodes.refused', { reason: one.refused })}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </WideTable>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault()
            asking.mutate()
          }}
        >
          <Group align="flex-end" gap="sm">
            <TextInput label={t('nodes.name')} value={node} required maxLength={63} onChange={(event) => name(event.currentTarget.value)} />
            <Button type="submit" variant="default" loading={asking.isPending}>
              {t('nodes.ask')}
            </Button>
          </Group>
        </form>
        <ProblemAlert error={asking.error} />
      </Stack>
    </Section>
  )
}
