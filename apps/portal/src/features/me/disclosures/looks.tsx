import { List, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { asWords, keyOf } from './plain.ts'
import type { Look } from './queries.ts'

/** Who of the institution itself has looked, by role and purpose. */
export function Looks({ looks, heading }: { readonly looks: readonly Look[]; readonly heading: 2 | 3 }) {
  const { t } = useTranslation('me.disclosures')
  return (
    <Stack component="section" gap="xs">
      <Title order={heading}>{t('looked.title')}</Title>
      {looks.length === 0 ? (
        <Text>{t('looked.nobody')}</Text>
      ) : (
        <List>
          {looks.map((look) => (
            <LookLine key={look.entry} look={look} />
          ))}
        </List>
      )}
    </Stack>
  )
}

function LookLine({ look: { at, what, roles, purpose, purpose_label, fields } }: { readonly look: Look }) {
  const { t } = useTranslation('me.disclosures')
  const format = useFormat()
  const who = roles.length === 0 ? t('looked.staff') : format.list(roles.map((role) => t(`looked.role.${role}`)))
  const seen = what !== 'record' ? t(`looked.${what}`) : format.list(fields.map((name) => t(`field.${keyOf(name)}`, asWords(name))))
  return (
    <List.Item>
      {t('looked.one', {
        day: format.longDay(at),
        who,
        what: seen === '' ? t('nothingReadable') : seen,
        purpose: purpose_label ?? purpose ?? t('looked.noPurpose'),
      })}
    </List.Item>
  )
}
