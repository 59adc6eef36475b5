import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { AddPurpose } from './add-purpose.tsx'
import { type Purpose, purposesKey, purposesQuery } from './queries.ts'
import { type Branch, branches } from './tree.ts'
import './purposes.css'

/** What data may be used for, from the broadest purpose down, with the institution's own among them. */
export function PurposesPage() {
  const { t } = useTranslation('governance.purposes')
  const can = useCan()
  const [search, setSearch] = useState('')
  const [parent, setParent] = useState<string | undefined>(undefined)
  const [adding, { open, close }] = useDisclosure()
  useLive(['policies.add_purpose'], purposesKey)
  const query = useQuery(purposesQuery)
  const add = (below?: string) => {
    setParent(below)
    open()
  }
  const mayAdd = can('create', 'purpose')
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        mayAdd ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => add()}>
            {t('add.open')}
          </Button>
        ) : undefined
      }
    >
      <TextInput
        label={t('search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={420}
        type="search"
      />
      <QueryView query={query}>
        {(purposes) => (
          <>
            <Tree purposes={purposes} search={search} onAdd={mayAdd ? add : undefined} />
            {adding ? <AddPurpose purposes={purposes} parent={parent} onClose={close} /> : null}
          </>
        )}
      </QueryView>
    </Page>
  )
}

function Tree({
  purposes,
  search,
  onAdd,
}: {
  readonly purposes: readonly Purpose[]
  readonly search: string
  readonly onAdd: ((parent: string) => void) | undefined
}) {
  const { t } = useTranslation('governance.purposes')
  const asked = useDeferredValue(search)
  const tree = useMemo(() => branches(purposes, asked), [purposes, asked])
  const own = purposes.filter((purpose) => purpose.own).length
  if (tree.length === 0) return <EmptyState title={t('nothing.title')} about={t('nothing.about')} />
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed" role="status">
        {t('count', { count: purposes.length })} {t('countOwn', { count: own })}
      </Text>
      {/* Opened anew for each search, for it decides what is open. */}
      <div key={asked}>
        <Branches tree={tree} depth={0} all={asked.trim() !== ''} onAdd={onAdd} />
      </div>
    </Stack>
  )
}

interface BranchesProps {
  readonly tree: readonly Branch[]
  readonly depth: number
  /** Whether everything is open, because what is shown was searched for. */
  readonly all: boolean
  readonly onAdd: ((parent: string) => void) | undefined
}

function Branches({ tree, depth, all, onAdd }: BranchesProps) {
  return (
    <ul className="purposes">
      {tree.map((branch) => (
        <li key={branch.purpose.term}>
          {branch.narrower.length === 0 ? (
            <div className="purpose">
              <Name branch={branch} />
              <AddBelow purpose={branch.purpose} onAdd={onAdd} />
            </div>
          ) : (
            <details open={all || depth < 1}>
              <summary className="purpose">
                <Name branch={branch} />
              </summary>
              <Branches tree={branch.narrower} depth={depth + 1} all={all} onAdd={onAdd} />
              <div className="purpose">
                <AddBelow purpose={branch.purpose} onAdd={onAdd} />
              </div>
            </details>
          )}
        </li>
      ))}
    </ul>
  )
}

function Name({ branch: { purpose, found } }: { readonly branch: Branch }) {
  const { t } = useTranslation('governance.purposes')
  return (
    <Group component="span" gap="xs">
      <span>{found ? <mark>{purpose.label}</mark> : purpose.label}</span>
      <code>{purpose.term}</code>
      {purpose.own ? <StateChip tone="info">{t('own')}</StateChip> : null}
    </Group>
  )
}

/** A control of its own: inside a summary it would be one control in another. */
function AddBelow({ purpose, onAdd }: { readonly purpose: Purpose; readonly onAdd: ((parent: string) => void) | undefined }) {
  const { t } = useTranslation('governance.purposes')
  if (onAdd === undefined) return null
  return (
    <button type="button" className="add-below" onClick={() => onAdd(purpose.term)} aria-label={t('add.belowOf', { purpose: purpose.label })}>
      <IconPlus size={14} aria-hidden /> {t('add.below')}
    </button>
  )
}
