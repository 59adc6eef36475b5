import { Group, Stack, Text, Title } from '@mantine/core'
import { IconBan, IconCheck } from '@tabler/icons-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../ui/states.tsx'
import { asPolicy, type PolicyDocument } from './document.ts'
import { MaskWords } from './mask-words.tsx'
import type { Explained } from './queries.ts'
import './policies.css'

/** A policy to read: rule by rule, prohibitions first because they win. The sentences are the node's. */
export function Rules({ document, explained }: { readonly document: unknown; readonly explained: Explained }) {
  const { t } = useTranslation('governance.policies')
  const policy = asPolicy(document)
  if (explained.length === 0) return <EmptyState title={t('rules.none')} about={t('rules.noneAbout')} />
  return (
    <Stack gap="sm">
      {explained.map((rule) => (
        <RuleCard key={`${rule.kind} ${rule.rule}`} rule={rule} policy={policy} />
      ))}
      <Text size="sm" c="dimmed">
        {t('rules.otherwise')}
      </Text>
    </Stack>
  )
}

function RuleCard({ rule, policy }: { readonly rule: Explained[number]; readonly policy: PolicyDocument | undefined }) {
  const { t } = useTranslation('governance.policies')
  const id = useId()
  const written = policy?.[rule.kind].find(({ uid }) => uid === rule.rule)
  const fields = rule.kind === 'permission' ? Object.entries(policy?.permission.find(({ uid }) => uid === rule.rule)?.fields ?? {}) : []
  const Icon = rule.kind === 'permission' ? IconCheck : IconBan
  return (
    <section className="rule" data-kind={rule.kind} aria-labelledby={id}>
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Icon size={18} aria-hidden style={{ flexShrink: 0, marginBlockStart: 3 }} />
          <div>
            <Title order={3} id={id}>
              {written?.title ?? rule.rule}
            </Title>
            <Text size="sm" c="dimmed">
              {t(`kind.${rule.kind}`)}
            </Text>
          </div>
        </Group>
        <Text lang="en" fw={500}>
          {rule.act}
        </Text>
        {rule.basis === undefined ? null : <Text lang="en">{rule.basis}</Text>}
        {fields.length === 0 ? null : (
          <dl className="field-list" aria-label={t('fields.title')}>
            {fields.map(([name, mask]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd>
                  <MaskWords mask={mask} />
                </dd>
              </div>
            ))}
          </dl>
        )}
        <Sentences label={t('limits.title')} sentences={rule.conditions} />
        <Sentences label={t('duties.title')} sentences={rule.duties} />
      </Stack>
    </section>
  )
}

function Sentences({ label, sentences }: { readonly label: string; readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <ul lang="en">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  )
}
