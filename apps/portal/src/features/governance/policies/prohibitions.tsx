import { Button, Group, MultiSelect, SimpleGrid, Stack, TagsInput, Text, TextInput, Title } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { faultsAt } from '../../../ui/json/document.ts'
import { newProhibition } from './document.ts'
import { type FormProps, orNothing } from './form.ts'
import { usePurposeChoices } from './who-step.tsx'

/** What may never happen, whatever is permitted here or elsewhere. */
export function ProhibitionsForm({ policy, faults, change }: FormProps) {
  const { t } = useTranslation('governance.policies')
  const purposes = usePurposeChoices()
  return (
    <Stack gap="sm">
      <Title order={3}>{t('never.title')}</Title>
      <Text size="sm" c="dimmed">
        {t('never.about')}
      </Text>
      {policy.prohibition.map((rule, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the uid is edited here, so the place is what stays
        <Stack key={at} gap="xs" className="field-row" role="group" aria-label={rule.title ?? rule.uid}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label={t('ruleTitle')}
              value={rule.title ?? ''}
              onChange={(event) => change(['prohibition', at, 'title'], orNothing(event.currentTarget.value))}
              error={faultsAt(faults, ['prohibition', at, 'title'])}
              maxLength={200}
            />
            <TextInput
              label={t('never.target')}
              description={t('never.targetHint')}
              value={rule.target}
              onChange={(event) => change(['prohibition', at, 'target'], event.currentTarget.value)}
              error={faultsAt(faults, ['prohibition', at, 'target'])}
            />
          </SimpleGrid>
          <MultiSelect
            label={t('never.purposes')}
            description={t('never.purposesHint')}
            data={purposes(rule.purpose ?? [])}
            value={[...(rule.purpose ?? [])]}
            onChange={(terms) => change(['prohibition', at, 'purpose'], terms.length === 0 ? undefined : terms)}
            error={faultsAt(faults, ['prohibition', at, 'purpose'])}
            searchable
            limit={200}
          />
          <TagsInput
            label={t('never.fields')}
            description={t('never.fieldsHint')}
            value={[...(rule.fields ?? [])]}
            onChange={(names) => change(['prohibition', at, 'fields'], names.length === 0 ? undefined : names)}
            error={faultsAt(faults, ['prohibition', at, 'fields'])}
          />
          <Group>
            <Button
              variant="subtle"
              color="red"
              size="compact-md"
              leftSection={<IconTrash size={14} aria-hidden />}
              onClick={() => change(['prohibition', at], undefined)}
            >
              {t('remove')}
            </Button>
          </Group>
        </Stack>
      ))}
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => change(['prohibition'], [...policy.prohibition, newProhibition(policy)])}
        >
          {t('never.add')}
        </Button>
      </Group>
    </Stack>
  )
}
