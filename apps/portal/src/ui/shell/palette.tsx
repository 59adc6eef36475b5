import '@mantine/spotlight/styles.css'
import { useMantineColorScheme } from '@mantine/core'
import { createSpotlight, Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconFileSearch, IconHome, IconKeyboard, IconMoon, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../api.ts'
import { pagesFor, wingsFor } from '../../features/pages.ts'
import { useCan, useSession } from '../../session.ts'
import { useObjectPath } from '../object-path.ts'

const [store, spotlight] = createSpotlight()
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

interface PaletteProps {
  readonly onClose: () => void
  readonly onShortcuts: () => void
}

/** Reaches every page, every object by its id, and what can be done from anywhere. */
export function Palette({ onClose, onShortcuts }: PaletteProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const session = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [query, setQuery] = useState('')
  const found = useObjectAt(query.trim())
  useEffect(() => spotlight.open(), [])
  // What was chosen is done once the dialog is gone and has given the focus back, so that the page it leads to can take it.
  const chosen = useRef<() => void>(undefined)
  const later = (act: () => void) => () => {
    chosen.current = act
  }
  const go = (to: string) => later(() => void navigate({ to }))

  const pages: SpotlightActionData[] = [
    { id: '/', label: t('home.title'), leftSection: <IconHome size={18} aria-hidden />, onClick: go('/') },
    ...wingsFor(session).map(({ name, icon: Icon }) => ({
      id: name,
      label: t(`wing.${name}.name`),
      leftSection: <Icon size={18} aria-hidden />,
      onClick: go(`/${name}`),
    })),
    ...pagesFor(session)
      .filter(({ nav }) => nav)
      .map((page) => ({
        id: page.path,
        label: t(`page.${page.name}`),
        description: t(`wing.${page.wing}.name`),
        leftSection: <page.icon size={18} aria-hidden />,
        onClick: go(page.path),
      })),
  ]
  const actions: SpotlightActionData[] = [
    { id: 'shortcuts', label: t('shortcuts.title'), leftSection: <IconKeyboard size={18} aria-hidden />, onClick: later(onShortcuts) },
    {
      id: 'theme',
      label: t('palette.theme'),
      leftSection: <IconMoon size={18} aria-hidden />,
      onClick: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
    },
  ]
  const groups: SpotlightActionGroupData[] = [
    ...(found.path === undefined
      ? []
      : [
          {
            group: t('palette.objects'),
            actions: [
              {
                id: 'object',
                label: t('palette.object', { kind: t(`object.${found.kind}`, found.kind) }),
                // Shown though its words do not hold what was typed.
                keywords: query,
                leftSection: <IconFileSearch size={18} aria-hidden />,
                onClick: go(found.path),
              },
            ],
          },
        ]),
    { group: t('palette.pages'), actions: pages },
    { group: t('palette.actions'), actions },
  ]
  return (
    <Spotlight
      store={store}
      shortcut={null}
      actions={groups}
      query={query}
      onQueryChange={setQuery}
      onExitTransitionEnd={() => {
        onClose()
        chosen.current?.()
      }}
      nothingFound={found.searching ? t('loading') : t('palette.nothing')}
      searchProps={{ leftSection: <IconSearch size={18} aria-hidden />, placeholder: t('palette.placeholder'), 'aria-label': t('palette.placeholder') }}
      attributes={{ content: { 'aria-label': t('palette.open') } }}
      scrollable
      maxHeight={480}
    />
  )
}

/** Asks the ledger what kind of thing has this id: whatever was ever done to it stands there. */
function useObjectAt(id: string): { readonly kind: string; readonly path: string | undefined; readonly searching: boolean } {
  const can = useCan()
  const pathTo = useObjectPath()
  const known = useQuery({
    queryKey: ['object-kind', id],
    enabled: uuid.test(id) && can('read', 'ledger_entry'),
    queryFn: async ({ signal }) => {
      const acts = await ask(() => api.GET('/v1/logs', { params: { query: { object_id: id, limit: 1 } }, signal }))
      const kind = acts.data[0]?.body.object?.kind
      if (kind !== undefined) return kind
      await ask(() => api.GET('/v1/logs/{entry}', { params: { path: { entry: id } }, signal }))
      return 'entry'
    },
    retry: false,
  })
  const kind = known.data ?? ''
  return { kind, path: known.data === undefined ? undefined : pathTo(kind, id), searching: known.isLoading }
}
