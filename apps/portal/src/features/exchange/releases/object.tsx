import { Box, Stack, Table, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { queryClient, useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { EvidenceDownload } from '../../../ui/evidence/evidence-download.tsx'
import { ObjectEvidence } from '../../../ui/evidence/object-evidence.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId, shortened } from '../../../ui/short-id.tsx'
import { MaskLegend, MaskWords } from '../../governance/policies/mask-words.tsx'
import { Course } from './course.tsx'
import { PartnerName } from './partner-name.tsx'
import { cancelRelease, type Release, releaseQuery, releasesKey } from './queries.ts'
import { ReleaseState } from './state.tsx'
import { Why } from './why.tsx'

export function ReleasePage() {
  const { release = '' } = useParams({ strict: false }) as { release?: string }
  useLive(['release.*'], [...releasesKey, release])
  const query = useQuery(releaseQuery(release))
  return (
    <QueryView whole query={query}>
      {(found) => <Shown release={found} />}
    </QueryView>
  )
}

function Shown({ release }: { readonly release: Release }) {
  const { t } = useTranslation('exchange.releases')
  const format = useFormat()
  const can = useCan()
  return (
    <ObjectPage
      kind="release"
      id={release.id}
      title={t('one', { id: shortened(release.id) })}
      chip={<ReleaseState state={release.state} />}
      about={t('aboutOne', { count: release.fields.length, purpose: release.purpose })}
      evidence={can('read', 'ledger_entry') ? <ObjectEvidence kind="release" id={release.id} /> : undefined}
      actions={
        <>
          <EvidenceDownload kind="release" id={release.id} />
          {release.state === 'issued' && can('delete', 'release') ? (
            <ConfirmButton
              label={t('cancel.label')}
              title={t('cancel.title')}
              consequence={t('cancel.consequence')}
              confirm={t('cancel.confirm')}
              act={async () => {
                await cancelRelease(release.id)
                await queryClient.invalidateQueries({ queryKey: releasesKey })
              }}
            />
          ) : null}
        </>
      }
    >
      <Stack gap="lg">
        <Facts
          facts={[
            { label: t('id'), value: <ShortId id={release.id} /> },
            { label: t('partner'), value: <PartnerName id={release.partner} /> },
            { label: t('person'), value: <ShortId id={release.subject} /> },
            { label: t('recordType'), value: release.record_type },
            { label: t('expiresAt'), value: <Moment at={release.expires_at} /> },
            { label: t('bytes'), value: release.bytes === null ? null : format.bytes(release.bytes) },
          ]}
        />
        <section aria-labelledby="course">
          <Title order={2} id="course" mb="sm">
            {t('course')}
          </Title>
          <Course release={release} />
        </section>
        <section aria-labelledby="fields">
          <Title order={2} id="fields" mb="sm">
            {t(release.state === 'delivered' ? 'left' : 'fields')}
          </Title>
          <Table.ScrollContainer minWidth={300} type="native">
            <Table aria-labelledby="fields">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('field')}</Table.Th>
                  <Table.Th scope="col">{t('mask')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {release.fields.map(({ name, mask }) => (
                  <Table.Tr key={name}>
                    <Table.Th scope="row">{name}</Table.Th>
                    <Table.Td>
                      <MaskWords mask={{ mask }} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <Box mt="sm">
            <MaskLegend />
          </Box>
        </section>
        <section aria-labelledby="why">
          <Title order={2} id="why" mb="sm">
            {t('why.title')}
          </Title>
          <Why release={release} />
        </section>
      </Stack>
    </ObjectPage>
  )
}
