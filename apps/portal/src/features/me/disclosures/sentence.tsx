import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { asWords, keyOf, type Looks, looksOf, whyOf } from './plain.ts'
import type { Disclosure } from './queries.ts'

/** One disclosure in words: when, who, what, what for, and why that was allowed. */
export function Sentence({ disclosure, consentDays }: { readonly disclosure: Disclosure; readonly consentDays: ReadonlyMap<string, string> }) {
  const { t } = useTranslation('me.disclosures')
  const format = useFormat()
  const called = ({ name }: Disclosure['fields'][number]) => t(`field.${keyOf(name)}`, asWords(name))
  const named = (...looks: Looks[]) => format.list(disclosure.fields.filter(({ mask }) => looks.includes(looksOf(mask))).map(called))
  const fields = named('whole', 'part', 'code')
  const because = useBecause(disclosure, consentDays)
  const facts = {
    day: format.longDay(disclosure.at),
    partner: disclosure.partner,
    fields: fields === '' ? t('nothingReadable') : fields,
    purpose: disclosure.purpose_label,
    because,
  }
  const details = [
    { key: 'part', words: named('part') },
    { key: 'code', words: named('code') },
    { key: 'hidden', words: named('hidden') },
  ].filter(({ words }) => words !== '')
  return (
    <Stack gap="xs">
      <Text>{t(`sentence.${disclosure.state}`, facts)}</Text>
      {details.map(({ key, words }) => (
        <Text key={key} size="sm" c="dimmed">
          {t(`looks.${key}`, { fields: words })}
        </Text>
      ))}
    </Stack>
  )
}

function useBecause({ bases, consents }: Disclosure, consentDays: ReadonlyMap<string, string>): string {
  const { t } = useTranslation('me.disclosures')
  const format = useFormat()
  const reasons = bases.map(({ basis, label, law }) => {
    const why = whyOf(basis)
    const day = consents.flatMap((consent) => consentDays.get(consent) ?? []).at(0)
    if (why === 'consent') return day === undefined ? t('because.consent') : t('because.consentOn', { day: format.longDay(day) })
    const words = t(`because.${why}`, { label })
    return law === null ? words : t('because.withLaw', { because: words, law })
  })
  return format.list([...new Set(reasons)])
}
