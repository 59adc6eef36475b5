import { Button, NativeSelect, Paper, Stack, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../ui/states.tsx'
import { asWords } from '../disclosures/plain.ts'
import type { OptOuts, Wanted } from './queries.ts'

const everything = 'all:'

interface ChooseProps {
  readonly found: OptOuts
  /** What tells this form from another on the page. */
  readonly id: string
  readonly title: string
  act(wanted: Wanted): Promise<void>
  onSet(): void
}

/** Chooses what is not wanted: everything, a purpose or a kind of data, each once. */
export function Choose({ found, id, title, act, onSet }: ChooseProps) {
  const { t } = useTranslation('me.opt-outs')
  const [chosen, setChosen] = useState(everything)
  const setting = useMutation({ mutationFn: act, onSuccess: onSet })
  const set = new Set(found.opt_outs.filter(({ lifted_at }) => lifted_at === null).map(({ scope, term }) => `${scope}:${term ?? ''}`))
  const open = <T extends { readonly value: string }>(choices: readonly T[]) => choices.filter(({ value }) => !set.has(value))
  const all = open([{ value: everything, label: t('everything') }])
  const purposes = open(found.purposes.map(({ term, label }) => ({ value: `purpose:${term}`, label })))
  const classes = open(found.data_classes.map((slug) => ({ value: `data_class:${slug}`, label: t('choose.dataClass', { what: asWords(slug) }) })))
  const groups = [
    { group: t('choose.purposes'), items: purposes },
    { group: t('choose.dataClasses'), items: classes },
  ].filter(({ items }) => items.length > 0)
  const choices = [...all, ...purposes, ...classes]
  const value = choices.some((one) => one.value === chosen) ? chosen : choices[0]?.value
  if (value === undefined) return null
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={id}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setting.mutate(wantedOf(value))
        }}
      >
        <Stack gap="sm" align="flex-start">
          <Title order={2} id={id}>
            {title}
          </Title>
          <ProblemAlert error={setting.error} />
          <NativeSelect
            label={t('choose.label')}
            description={t('choose.hint')}
            data={[...all, ...groups]}
            value={value}
            onChange={(event) => setChosen(event.currentTarget.value)}
            w="100%"
          />
          <Button type="submit" loading={setting.isPending}>
            {t('choose.submit')}
          </Button>
        </Stack>
      </form>
    </Paper>
  )
}

function wantedOf(value: string): Wanted {
  const [scope, term] = [value.slice(0, value.indexOf(':')), value.slice(value.indexOf(':') + 1)]
  if (scope === 'purpose') return { scope, purpose: term }
  return scope === 'data_class' ? { scope, data_class: term } : { scope: 'all' }
}
