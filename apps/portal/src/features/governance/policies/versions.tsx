import { SegmentedControl, Stack, Table, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { JsonView } from '../../../ui/json/json-view.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Who } from '../../../ui/who.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { PutInForce } from './publish-button.tsx'
import { type Policy, type VersionSummary, versionQuery } from './queries.ts'
import { Rules } from './rules.tsx'
import { VersionState } from './state.tsx'

/** Every version there was, and the chosen one as rules or as its document. */
export function VersionsTab({ policy }: { readonly policy: Policy }) {
  const { t } = useTranslation('governance.policies')
  const { version: asked } = useSearch({ strict: false }) as { version?: string }
  const chosen = policy.versions.find(({ version }) => String(version) === asked) ?? policy.versions[0]
  return (
    <Stack gap="lg">
      <WideTable label={t('tab.versions')} minWidth={520}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('versionLabel')}</Table.Th>
            <Table.Th scope="col">{t('stateLabel')}</Table.Th>
            <Table.Th scope="col">{t('author')}</Table.Th>
            <Table.Th scope="col">{t('savedAt')}</Table.Th>
            <Table.Th scope="col">{t('inForceFor')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {policy.versions.map((version) => (
            <Table.Tr key={version.version}>
              <Table.Th scope="row">
                <Link
                  className="link"
                  to="."
                  search={(before: object) => ({ ...before, version: String(version.version) }) as never}
                  aria-current={version.version === chosen?.version}
                >
                  {t('version', { version: version.version })}
                </Link>
              </Table.Th>
              <Table.Td>
                <VersionState state={version.state} />
              </Table.Td>
              <Table.Td>
                <Who id={version.author} />
              </Table.Td>
              <Table.Td>
                <Moment at={version.created_at} />
              </Table.Td>
              <Table.Td>
                <InForce version={version} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      {chosen === undefined ? null : <Chosen policy={policy.id} version={chosen} newest={chosen === policy.versions[0]} />}
    </Stack>
  )
}

function InForce({ version: { published_at, ended_at } }: { readonly version: VersionSummary }) {
  if (published_at === null) return '–'
  return (
    <>
      <Moment at={published_at} />
      {ended_at === null ? null : (
        <>
          {' – '}
          <Moment at={ended_at} />
        </>
      )}
    </>
  )
}

interface ChosenProps {
  readonly policy: string
  readonly version: VersionSummary
  readonly newest: boolean
}

function Chosen({ policy, version: { version, state }, newest }: ChosenProps) {
  const { t } = useTranslation('governance.policies')
  const [view, setView] = useState('rules')
  const query = useQuery(versionQuery(policy, version))
  return (
    <Stack gap="md" align="stretch">
      <Title order={2}>{t('version', { version })}</Title>
      <div>
        <SegmentedControl
          aria-label={t('view.label')}
          value={view}
          onChange={setView}
          data={[
            { value: 'rules', label: t('view.rules') },
            { value: 'json', label: t('view.json') },
          ]}
        />
      </div>
      {state === 'draft' ? (
        <div>
          <PutInForce policy={policy} version={version} newest={newest} />
        </div>
      ) : null}
      <QueryView query={query}>
        {(found) =>
          view === 'json' ? <JsonView value={found.document} label={t('view.document')} /> : <Rules document={found.document} explained={found.explained} />
        }
      </QueryView>
    </Stack>
  )
}
