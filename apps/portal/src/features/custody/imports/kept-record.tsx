import { Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import type { Draft, Sensitivity } from './draft.ts'

const tones: Readonly<Record<Sensitivity, Tone>> = { direct_identifier: 'deny', quasi_identifier: 'attention', sensitive: 'attention', plain: 'neutral' }

/** The picture beside the mapping: the record as it will be kept, and what stays behind. */
export function KeptRecord({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation('custody.imports')
  const kept = draft.columns.filter((row) => row.kept)
  const left = draft.columns.filter((row) => !row.kept)
  return (
    <section className="kept-record" aria-labelledby="kept-record">
      <Title order={2} id="kept-record" size="h3">
        {t('picture.title', { name: draft.recordType })}
      </Title>
      <Text size="sm" c="dimmed">
        {draft.subject === null ? t('picture.noSubject') : t('picture.subject', { column: draft.subject })}
      </Text>
      <ul>
        {kept.map(({ column, field }) => (
          <li key={column}>
            <span>
              <code>{field.name ?? column}</code>{' '}
              <Text span size="xs" c="dimmed">
                {t(`type.${field.type ?? 'string'}`)}
              </Text>
            </span>
            <StateChip tone={tones[field.sensitivity ?? 'sensitive'] ?? 'neutral'}>{t(`sensitivity.${field.sensitivity ?? 'sensitive'}`)}</StateChip>
          </li>
        ))}
      </ul>
      {left.length === 0 ? null : (
        <Text size="sm" c="dimmed" mt="xs">
          {t('picture.left', { count: left.length, columns: left.map(({ column }) => column).join(', ') })}
        </Text>
      )}
    </section>
  )
}
