import { Badge, Group, Text } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useWords } from './words.ts'

export interface Verdict {
  readonly answer: 'yes' | 'no' | 'conditional'
  readonly path: readonly { readonly object: string; readonly subject: string; readonly condition: string | null; readonly ends_at: string | null }[]
  readonly needs: readonly string[]
}

/** The path that grants: from the thing over roles and teams to the person, as a chain and in words. */
export function GrantPath({ verdict, role }: { readonly verdict: Verdict; readonly role: (id: string) => string }) {
  const { t } = useTranslation('governance.access')
  const words = useWords()
  if (verdict.answer === 'conditional') return <Text size="sm">{t('path.conditional', { needs: verdict.needs.join(', ') })}</Text>
  const [first] = verdict.path
  if (first === undefined) return null
  const name = (ref: string) => {
    const [type = '', id = ''] = ref.split('#')[0]?.split(':') ?? []
    return type === 'role' ? role(id.split('/').at(-1) ?? id) : type === 'area' ? words.area(id.split('/').at(-1) ?? id) : t(`path.${type}`, type)
  }
  const conditions = verdict.path.flatMap(({ condition }) => (condition === null ? [] : [condition]))
  return (
    <>
      <Group gap={4}>
        {[first.object, ...verdict.path.map(({ subject }) => subject)].map((ref, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a path may pass a thing twice, and never changes
          <Group gap={4} key={`${at}-${ref}`}>
            {at === 0 ? null : <IconArrowRight size={14} aria-label={t('path.to')} role="img" />}
            <Badge variant="light" tt="none">
              {name(ref)}
            </Badge>
          </Group>
        ))}
      </Group>
      {conditions.length === 0 ? null : (
        <Text size="xs" c="dimmed">
          {t('path.if', { condition: conditions.join(', ') })}
        </Text>
      )}
    </>
  )
}
