import { ActionIcon, Autocomplete, Button, Fieldset, Group, Select, Stack, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../../session.ts'
import { shortened } from '../../../ui/short-id.tsx'
import { placesQuery, type Scope } from './queries.ts'

const levels: readonly Scope['level'][] = ['read', 'write']
/** What is asked for most; the node knows more areas and says which of them are closed. */
const usual: readonly Scope['area'][] = [
  'own_disclosure',
  'own_consent',
  'own_request',
  'own_credential',
  'notification',
  'release',
  'ledger_entry',
  'pattern',
  'webhook',
  'purpose',
  'policy',
  'proof',
]
const wordOf = ({ kind, id }: NonNullable<Scope['scope']>) => `${kind}/${id}`

function within({ area, level }: Scope, word: string | null): Scope {
  const [kind, id = ''] = (word ?? '').split('/')
  return kind === 'product' || kind === 'project' ? { area, level, scope: { kind, id } } : { area, level }
}

interface ScopeFieldsProps {
  readonly scopes: readonly Scope[]
  readonly onChange: (scopes: Scope[]) => void
}

/** What an application asks for: a kind of thing, to look or to act, everywhere or in one product or project. */
export function ScopeFields({ scopes, onChange }: ScopeFieldsProps) {
  const { t } = useTranslation('administration.applications')
  const { data: places = [] } = useQuery(placesQuery(useSession()))
  const known = new Set(places.map(wordOf))
  const options = [
    { value: '', label: t('scope.everywhere') },
    ...places.map((place) => ({ value: wordOf(place), label: t(`scope.${place.kind}`, { name: place.name }) })),
    // What the reader may not look into stays as it is.
    ...[...new Map(scopes.flatMap(({ scope }) => (scope === undefined || known.has(wordOf(scope)) ? [] : [[wordOf(scope), scope] as const])))].map(
      ([value, { kind, id }]) => ({ value, label: t(`scope.${kind}`, { name: shortened(id) }) }),
    ),
  ]
  const put = (place: number, row: Scope) => onChange(scopes.map((before, at) => (at === place ? row : before)))
  return (
    <Fieldset legend={t('scopes')}>
      <Stack gap="sm">
        <Text size="xs" c="dimmed">
          {t('scope.hint')}
        </Text>
        {scopes.map((row, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name, and rows keep their order
          <Group key={place} gap="xs" align="flex-end">
            <Autocomplete
              label={t('scope.area')}
              required
              maxLength={40}
              spellCheck={false}
              flex="1 1 160px"
              data={usual}
              value={row.area}
              onChange={(area) => put(place, { ...row, area: area as Scope['area'] })}
            />
            <Select
              label={t('scope.level')}
              data={levels.map((value) => ({ value, label: t(`scope.${value}`) }))}
              allowDeselect={false}
              flex="1 1 120px"
              value={row.level}
              onChange={(level) => put(place, { ...row, level: level === 'write' ? 'write' : 'read' })}
            />
            <Select
              label={t('scope.where')}
              data={options}
              allowDeselect={false}
              flex="1 1 160px"
              value={row.scope === undefined ? '' : wordOf(row.scope)}
              onChange={(word) => put(place, within(row, word))}
            />
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={t('scope.remove', { area: row.area })}
              onClick={() => onChange(scopes.filter((_, at) => at !== place))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="compact-md"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange([...scopes, { area: '' as Scope['area'], level: 'read' }])}
          >
            {t('scope.add')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  )
}
