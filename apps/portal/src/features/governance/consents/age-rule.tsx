import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { type AgeRule, ageRuleQuery, updateAgeRule } from './queries.ts'

/** From which age a person decides alone, and what then becomes of what guardians agreed to. */
export function AgeRuleCard() {
  const { t } = useTranslation('governance.consents')
  const query = useQuery(ageRuleQuery())
  return (
    <Paper component="section" withBorder p="md" aria-labelledby="age-rule">
      <Stack gap="sm">
        <Title order={2} id="age-rule">
          {t('age.title')}
        </Title>
        <QueryView query={query}>{(rule) => <Fields key={`${rule.age_of_majority} ${rule.confirm_within_days}`} rule={rule} />}</QueryView>
      </Stack>
    </Paper>
  )
}

function Fields({ rule }: { readonly rule: AgeRule }) {
  const { t } = useTranslation('governance.consents')
  const can = useCan()
  const [age, setAge] = useState(String(rule.age_of_majority))
  const [days, setDays] = useState(rule.confirm_within_days === null ? '' : String(rule.confirm_within_days))
  const saving = useMutation({ mutationFn: updateAgeRule })
  const may = can('update', 'consent')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate({ age_of_majority: Number.parseInt(age, 10), confirm_within_days: days === '' ? null : Number.parseInt(days, 10) })
      }}
    >
      <ProblemAlert error={saving.error} />
      <Group align="flex-end" gap="sm">
        <TextInput
          label={t('age.age')}
          type="number"
          min={10}
          max={30}
          required
          disabled={!may}
          value={age}
          onChange={(event) => setAge(event.currentTarget.value)}
        />
        <TextInput
          label={t('age.days')}
          description={t('age.daysHint')}
          type="number"
          min={0}
          max={3650}
          disabled={!may}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        {may ? (
          <Button type="submit" variant="default" loading={saving.isPending}>
            {t('age.save')}
          </Button>
        ) : null}
      </Group>
      <Text role="status" size="sm" mt="xs">
        {saving.isSuccess ? t('age.saved') : ''}
      </Text>
    </form>
  )
}
