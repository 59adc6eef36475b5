import { MultiSelect } from '@mantine/core'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Choices } from './queries.ts'

export const every = '*'
/** So many of some hundred purposes are drawn at once; typing finds the rest. */
const optionsShown = 50

interface Terms {
  readonly purposes: string[]
  readonly recipients: string[]
  readonly data_classes: string[]
}

/** For what, to whom and which data: what a consent speaks of, whether it is recorded or asked for. */
export function useTermFields(purposesHint?: string): { readonly terms: Terms; readonly fields: (known: Choices) => ReactNode } {
  const { t } = useTranslation('governance.consents')
  const [purposes, setPurposes] = useState<string[]>([])
  const [recipients, setRecipients] = useState<string[]>([])
  const [dataClasses, setDataClasses] = useState<string[]>([])
  return {
    terms: { purposes, recipients, data_classes: dataClasses },
    fields: (known) => (
      <>
        <MultiSelect
          label={t('term.purposes')}
          description={purposesHint}
          data={known.purposes.map(({ term, label }) => ({ value: term, label: `${label} (${term})` }))}
          limit={optionsShown}
          searchable
          withAsterisk
          value={purposes}
          onChange={setPurposes}
        />
        <MultiSelect
          label={t('term.recipients')}
          data={[{ value: every, label: t('term.everyPartner') }, ...known.partners.map(({ reference, name }) => ({ value: reference, label: name }))]}
          searchable
          withAsterisk
          value={recipients}
          onChange={(names) => setRecipients(everyAlone(names))}
        />
        <MultiSelect
          label={t('term.dataClasses')}
          data={[{ value: every, label: t('term.everyType') }, ...known.recordTypes]}
          searchable
          withAsterisk
          value={dataClasses}
          onChange={(names) => setDataClasses(everyAlone(names))}
        />
      </>
    ),
  }
}

/** Whoever chooses every one needs no other, and whoever then chooses one means that one. */
function everyAlone(names: string[]): string[] {
  return names.at(-1) === every ? [every] : names.filter((name) => name !== every)
}
