import { Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { statusOf } from '../../../api.ts'
import { queryClient } from '../../../session.ts'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { changeTenant, type SecondFactor, secondFactors, type Tenant, tenantQuery, type Weekday, weekdays } from './queries.ts'

export function SettingsPage() {
  const { t } = useTranslation('administration.settings')
  return (
    <Page title={t('title')} about={t('about')}>
      <QueryView query={useQuery(tenantQuery())}>{(tenant) => <Settings key={tenant.revision} tenant={tenant} />}</QueryView>
    </Page>
  )
}

function Settings({ tenant }: { readonly tenant: Tenant }) {
  const { t } = useTranslation('administration.settings')
  const hours = tenant.settings.working_hours
  const [name, setName] = useState(tenant.name)
  const [timezone, setTimezone] = useState(tenant.settings.timezone ?? 'UTC')
  const [days, setDays] = useState<readonly Weekday[]>(hours?.days ?? [])
  const [from, setFrom] = useState(hours?.from ?? '')
  const [until, setUntil] = useState(hours?.until ?? '')
  const [secondFactor, setSecondFactor] = useState<SecondFactor>(tenant.settings.second_factor ?? 'staff')
  const [mailedCode, setMailedCode] = useState(tenant.settings.mailed_code ?? false)
  const [textedCode, setTextedCode] = useState(tenant.settings.texted_code ?? false)
  const saving = useMutation({
    mutationFn: () =>
      changeTenant({
        name,
        settings: {
          timezone,
          working_hours: { days: weekdays.filter((day) => days.includes(day)), from, until },
          second_factor: secondFactor,
          mailed_code: mailedCode,
          texted_code: textedCode,
        },
        if_revision: tenant.revision,
      }),
    onSuccess: () => void say(t('saved')),
  })
  const readAgain = () => queryClient.invalidateQueries({ queryKey: tenantQuery().queryKey })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate()
      }}
    >
      <Stack gap="lg" maw={560}>
        {statusOf(saving.error ?? undefined) === 409 ? (
          <div role="alert">
            <Text>{t('conflict')}</Text>
            <Button variant="default" mt="xs" onClick={() => void readAgain()}>
              {t('readAgain')}
            </Button>
          </div>
        ) : (
          <ProblemAlert error={saving.error} />
        )}
        <TextInput
          label={t('name')}
          description={t('nameHint')}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t('timezone')}
          description={t('timezoneHint')}
          data={zones(timezone)}
          limit={100}
          searchable
          allowDeselect={false}
          value={timezone}
          onChange={(zone) => setTimezone(zone ?? timezone)}
        />
        <Checkbox.Group
          label={t('days')}
          description={t('daysHint')}
          value={[...days]}
          onChange={(chosen) => setDays(weekdays.filter((day) => chosen.includes(day)))}
        >
          <Group gap="md" mt="xs">
            {weekdays.map((day) => (
              <Checkbox key={day} value={day} label={t(`day.${day}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Group gap="md">
          <TextInput label={t('from')} type="time" required value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
          <TextInput label={t('until')} type="time" required value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
        </Group>
        <Select
          label={t('secondFactor')}
          description={t('secondFactorHint')}
          data={secondFactors.map((value) => ({ value, label: t(`secondFactors.${value}`) }))}
          allowDeselect={false}
          value={secondFactor}
          onChange={(whose) => setSecondFactor(secondFactors.find((one) => one === whose) ?? secondFactor)}
        />
        <Checkbox
          label={t('mailedCode')}
          description={t('mailedCodeHint')}
          checked={mailedCode}
          onChange={(event) => setMailedCode(event.currentTarget.checked)}
        />
        <Checkbox
          label={t('textedCode')}
          description={t('textedCodeHint')}
          checked={textedCode}
          onChange={(event) => setTextedCode(event.currentTarget.checked)}
        />
        <Group>
          <Button type="submit" loading={saving.isPending} disabled={days.length === 0}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Those that the browser knows, and the one that is set. */
function zones(set: string): string[] {
  return [...new Set(['UTC', set, ...Intl.supportedValuesOf('timeZone')])]
}
