import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { DefineType } from './define.tsx'
import { type CredentialType, retireType, typesQuery } from './queries.ts'

export function Types() {
  const { t } = useTranslation('ledger.credentials')
  const can = useCan()
  const query = useQuery(typesQuery)
  return (
    <Stack gap="md">
      {can('create', 'credential_type') ? (
        <Group>
          <DefineType />
        </Group>
      ) : null}
      <QueryView query={query}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title={t('types.empty')} about={t('types.emptyAbout')} />
          ) : (
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              {all.map((type) => (
                <TypeCard key={type.id} type={type} mayRetire={can('delete', 'credential_type')} />
              ))}
            </SimpleGrid>
          )
        }
      </QueryView>
    </Stack>
  )
}

function TypeCard({ type, mayRetire }: { readonly type: CredentialType; readonly mayRetire: boolean }) {
  const { t } = useTranslation('ledger.credentials')
  const rule = useRuleWords(type)
  const retired = type.retired_at !== null
  return (
    <Paper component="article" withBorder p="md">
      <Stack gap="xs">
        <Group gap="sm">
          <Title order={2} size="h4">
            {type.name}
          </Title>
          {retired ? <StateChip tone="neutral">{t('types.retired')}</StateChip> : null}
          {type.self_service && !retired ? <StateChip tone="info">{t('types.selfService')}</StateChip> : null}
        </Group>
        <Text>
          <code>{type.claim}</code>: {rule}
        </Text>
        <Text size="sm" c="dimmed">
          {t('types.terms', { purpose: type.purpose, record: type.record_type, count: type.life_days })}
        </Text>
        <Copyable text={type.vct} label={t('types.vct')} />
        {mayRetire && !retired ? (
          <Group>
            <ConfirmButton
              label={t('types.retire.label')}
              title={t('types.retire.title')}
              consequence={t('types.retire.consequence')}
              confirm={t('types.retire.confirm')}
              act={() => retireType(type.slug)}
            />
          </Group>
        ) : null}
      </Stack>
    </Paper>
  )
}

function useRuleWords({ rule }: CredentialType): string {
  const { t } = useTranslation('ledger.credentials')
  const format = useFormat()
  switch (rule.how) {
    case 'age_over':
      return t('rule.age_over', { field: rule.field, years: rule.years })
    case 'age_band':
      return t('rule.age_band', { field: rule.field, bounds: format.list(rule.bounds.map(String)) })
    case 'is_one_of':
      return t('rule.is_one_of', { field: rule.field, values: format.list(rule.values.map(String)) })
    case 'present':
      return t('rule.present', { field: rule.field })
    case 'copy':
      return t('rule.copy', { field: rule.field })
    case 'fixed':
      return t('rule.fixed', { value: String(rule.value) })
  }
}
