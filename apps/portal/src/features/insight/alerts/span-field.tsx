import { Group, Input, NativeSelect, NumberInput } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { secondsIn, type Unit, unitOf, units } from './span.ts'

interface SpanFieldProps {
  readonly label: string
  readonly description?: string
  readonly seconds: number
  readonly onChange: (seconds: number) => void
}

/** A length of time in a unit that suits it. */
export function SpanField({ label, description, seconds, onChange }: SpanFieldProps) {
  const { t } = useTranslation('insight.alerts')
  const id = useId()
  const [unit, setUnit] = useState<Unit>(() => unitOf(seconds))
  return (
    <Input.Wrapper label={label} description={description} labelProps={{ htmlFor: id }}>
      <Group gap="xs" mt={4} wrap="nowrap">
        <NumberInput
          id={id}
          w={120}
          min={0}
          value={seconds / secondsIn[unit]}
          onChange={(given) => {
            if (typeof given === 'number') onChange(Math.round(given * secondsIn[unit]))
          }}
        />
        <NativeSelect
          aria-label={t('unitOf', { what: label })}
          w={140}
          value={unit}
          data={units.map((value) => ({ value, label: t(`unit.${value}`) }))}
          onChange={({ currentTarget: { value } }) => {
            const next = units.find((one) => one === value) ?? unit
            onChange(Math.round((seconds / secondsIn[unit]) * secondsIn[next]))
            setUnit(next)
          }}
        />
      </Group>
    </Input.Wrapper>
  )
}
