import { Checkbox, NumberInput, Stack, Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { faultsAt } from '../../../ui/json/document.ts'
import type { FormProps } from './form.ts'
import { formats } from './plan.ts'

/** What the result is called, in which shapes it is given out, and until when. */
export function OutputStep({ plan, faults, change }: FormProps) {
  const { t } = useTranslation('exchange.plans')
  const { output } = plan
  return (
    <Stack gap="md" maw={480}>
      <TextInput
        label={t('output.title')}
        description={t('output.titleHint')}
        required
        maxLength={200}
        value={output.title}
        error={faultsAt(faults, ['output', 'title'])}
        onChange={(event) => change(['output', 'title'], event.currentTarget.value)}
      />
      <Checkbox.Group
        label={t('output.formats')}
        value={[...(output.formats ?? ['csv', 'json', 'parquet'])]}
        error={faultsAt(faults, ['output', 'formats'])}
        onChange={(chosen) =>
          change(
            ['output', 'formats'],
            formats.filter((format) => chosen.includes(format)),
          )
        }
      >
        <Stack gap="xs" mt="xs">
          {formats.map((format) => (
            <Checkbox key={format} value={format} label={t(`format.${format}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <NumberInput
        label={t('output.expires')}
        description={t('output.expiresHint')}
        min={1}
        max={3650}
        value={output.expires_days ?? 90}
        error={faultsAt(faults, ['output', 'expires_days'])}
        onChange={(days) => change(['output', 'expires_days'], typeof days === 'number' ? days : undefined)}
      />
      <Switch
        label={t('output.asSource')}
        description={t('output.asSourceHint')}
        checked={output.source !== undefined}
        onChange={() => change(['output', 'source'], output.source === undefined ? { floor: 10 } : undefined)}
      />
      {output.source === undefined ? null : (
        <NumberInput
          label={t('output.floor')}
          description={t('output.floorHint')}
          min={2}
          max={1000}
          value={output.source.floor ?? 10}
          error={faultsAt(faults, ['output', 'source'])}
          onChange={(floor) => change(['output', 'source', 'floor'], typeof floor === 'number' ? floor : undefined)}
        />
      )}
    </Stack>
  )
}
