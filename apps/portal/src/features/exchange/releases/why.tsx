import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Facts } from '../../../ui/facts.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { versionQuery } from '../../governance/policies/queries.ts'
import { type Ground, groundOf } from './course.ts'
import { entriesQuery, type Release } from './queries.ts'

/** Why it was let out: rule, policy as it stood then, legal basis, and the consents it rested on. */
export function Why({ release }: { readonly release: Release }) {
  const { t } = useTranslation('exchange.releases')
  const can = useCan()
  const entries = useQuery({ ...entriesQuery(release.id), enabled: can('read', 'ledger_entry') })
  const { policies, consents } = groundOf(entries.data ?? [])
  return (
    <Stack gap="md">
      {policies.map((ref) => (
        <PolicyGround key={ref.policy} ground={ref} rules={release.rules} />
      ))}
      <Facts
        facts={[
          { label: t('purpose'), value: release.purpose },
          { label: t('why.rules'), value: release.rules.join(', ') },
          { label: t('decision'), value: <ShortId id={release.decision_id} kind="entry" /> },
          {
            label: t('why.consents'),
            value:
              consents.length === 0 ? (
                t('why.noConsent')
              ) : (
                <Stack gap={2}>
                  {consents.map((consent) => (
                    <ShortId key={consent} id={consent} kind="consent" />
                  ))}
                </Stack>
              ),
          },
        ]}
      />
    </Stack>
  )
}

function PolicyGround({ ground, rules }: { readonly ground: Ground['policies'][number]; readonly rules: readonly string[] }) {
  const { t } = useTranslation('exchange.releases')
  const can = useCan()
  const version = useQuery({ ...versionQuery(ground.policy, ground.version), enabled: can('read', 'policy') })
  const spoke = version.data?.explained.filter(({ kind, rule }) => kind === 'permission' && rules.some((name) => name.endsWith(`/${rule}`))) ?? []
  return (
    <div>
      <Text>
        {t('why.policy')} <ShortId id={ground.policy} kind="policy" /> · {t('why.version', { version: ground.version })}
      </Text>
      {spoke.map(({ rule, act, basis }) => (
        <Stack key={rule} gap={2} mt={4}>
          <Text lang="en" maw={720}>
            {act}
          </Text>
          {basis === undefined ? null : (
            <Text lang="en" c="dimmed" maw={720}>
              {basis}
            </Text>
          )}
        </Stack>
      ))}
    </div>
  )
}
