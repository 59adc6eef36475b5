import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

type Json = Readonly<Record<string, unknown>>

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])
const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  return typeof value === 'object' && value !== null ? String((value as Json)['@value'] ?? '') : String(value)
}

/** What an offer or an agreement says, rule by rule. */
export function Terms({ terms }: { readonly terms: unknown }) {
  const { t } = useTranslation('exchange.dataspace')
  const said = (terms ?? {}) as Json
  const rules = (['permission', 'prohibition', 'obligation'] as const).flatMap((kind) =>
    listOf(said[kind]).map((rule, at) => ({ key: `${kind} ${at}`, kind, rule })),
  )
  if (rules.length === 0) return <Text c="dimmed">{t('terms.none')}</Text>
  return (
    <List spacing="xs" style={{ overflowWrap: 'anywhere' }}>
      {rules.map(({ key, kind, rule }) => (
        <List.Item key={key}>
          {t(`terms.${kind}`, { action: t(`terms.action.${String(rule.action).replace(/^odrl:/, '')}`, String(rule.action)) })}
          <Constraints constraints={listOf(rule.constraint)} />
        </List.Item>
      ))}
    </List>
  )
}

function Constraints({ constraints }: { readonly constraints: readonly Json[] }) {
  const { t } = useTranslation('exchange.dataspace')
  if (constraints.length === 0) return null
  return (
    <List withPadding>
      {constraints.map((constraint) => {
        const group = 'and' in constraint ? 'and' : 'or' in constraint ? 'or' : undefined
        return (
          <List.Item key={JSON.stringify(constraint)}>
            {group === undefined ? (
              <>
                {t(`terms.operand.${String(constraint.leftOperand)}`)} {t(`terms.operator.${String(constraint.operator)}`)}{' '}
                <code>{textOf(constraint.rightOperand)}</code>
              </>
            ) : (
              <>
                {t(`terms.${group}`)}
                <Constraints constraints={listOf(constraint[group])} />
              </>
            )}
          </List.Item>
        )
      })}
    </List>
  )
}
