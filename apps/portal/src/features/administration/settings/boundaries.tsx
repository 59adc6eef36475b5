import { Alert, Button, Card, Group, Stack, Switch, Text, Textarea, Title } from '@mantine/core'
import { IconMapPin } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { meaning } from '../../../theme.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { type Boundaries, type Boundary, changeBoundaries, type Door, ownPlaceQuery, type Tenant, tenantQuery } from './queries.ts'

export function BoundariesPage() {
  const { t } = useTranslation('administration.settings')
  return (
    <Page title={t('boundaries.title')} about={t('boundaries.about')}>
      <QueryView query={useQuery(tenantQuery())}>{(tenant) => <Doors key={tenant.revision} tenant={tenant} />}</QueryView>
    </Page>
  )
}

const doors: readonly Door[] = ['portal', 'api', 'exchange']

interface Drawn {
  readonly bound: boolean
  readonly networks: string
  readonly certificates: string
}

const drawnOf = (boundary: Boundary | null | undefined): Drawn => ({
  bound: boundary != null,
  networks: boundary?.networks?.join('\n') ?? '',
  certificates: boundary?.certificates?.join('\n') ?? '',
})
const linesOf = (text: string) => text.split(/[\s,]+/).filter((line) => line !== '')
const boundaryOf = ({ bound, networks, certificates }: Drawn): Boundary | null =>
  bound ? { networks: linesOf(networks), certificates: linesOf(certificates) } : null

function Doors({ tenant }: { readonly tenant: Tenant }) {
  const { t } = useTranslation('administration.settings')
  const { data: place } = useQuery(ownPlaceQuery())
  const [drawn, setDrawn] = useState<Readonly<Record<Door, Drawn>>>({
    portal: drawnOf(tenant.settings.boundaries?.portal),
    api: drawnOf(tenant.settings.boundaries?.api),
    exchange: drawnOf(tenant.settings.boundaries?.exchange),
  })
  const change = (door: Door, more: Partial<Drawn>) => setDrawn((before) => ({ ...before, [door]: { ...before[door], ...more } }))
  const boundaries: Boundaries = { portal: boundaryOf(drawn.portal), api: boundaryOf(drawn.api), exchange: boundaryOf(drawn.exchange) }
  const empty = doors.some((door) => drawn[door].bound && linesOf(`${drawn[door].networks} ${drawn[door].certificates}`).length === 0)
  const saving = useMutation({ mutationFn: () => changeBoundaries(boundaries, tenant.revision), onSuccess: () => void say(t('boundaries.saved')) })
  const mine = place?.address ?? null
  return (
    <Stack gap="lg" maw={720}>
      <Alert icon={<IconMapPin aria-hidden />} color={meaning.attention}>
        <Text fw={600}>{t('boundaries.warning')}</Text>
        {mine === null ? t('boundaries.noAddress') : t('boundaries.youAre', { address: mine })}
        {place?.certificate == null ? null : ` ${t('boundaries.yourCertificate', { certificate: place.certificate })}`}
      </Alert>
      {doors.map((door) => (
        <Card key={door} withBorder component="section" aria-labelledby={`door-${door}`}>
          <Title order={2} size="h4" id={`door-${door}`}>
            {t(`boundaries.door.${door}`)}
          </Title>
          <Text c="dimmed">{t(`boundaries.aboutDoor.${door}`)}</Text>
          <Switch
            mt="sm"
            label={t('boundaries.bound')}
            aria-describedby={`door-${door}`}
            checked={drawn[door].bound}
            onChange={(event) => change(door, { bound: event.currentTarget.checked })}
          />
          {drawn[door].bound ? (
            <Stack mt="sm" gap="sm">
              <Textarea
                label={t('boundaries.networks')}
                description={t('boundaries.networksHint')}
                autosize
                minRows={2}
                maxRows={10}
                spellCheck={false}
                value={drawn[door].networks}
                onChange={(event) => change(door, { networks: event.currentTarget.value })}
              />
              {mine === null ? null : (
                <Group>
                  <Button
                    variant="default"
                    size="compact-sm"
                    onClick={() => change(door, { networks: [...linesOf(drawn[door].networks), alone(mine)].join('\n') })}
                  >
                    {t('boundaries.addMine')}
                  </Button>
                </Group>
              )}
              <Textarea
                label={t('boundaries.certificates')}
                description={t('boundaries.certificatesHint')}
                autosize
                minRows={1}
                maxRows={10}
                spellCheck={false}
                value={drawn[door].certificates}
                onChange={(event) => change(door, { certificates: event.currentTarget.value })}
              />
            </Stack>
          ) : null}
        </Card>
      ))}
      <Group>
        <ConfirmButton
          label={t('boundaries.save')}
          title={t('boundaries.confirmTitle')}
          consequence={t('boundaries.consequence')}
          confirm={t('boundaries.save')}
          disabled={empty}
          act={() => saving.mutateAsync()}
        />
      </Group>
    </Stack>
  )
}

/** The network of one address. */
function alone(address: string): string {
  const four = /(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  return four === undefined ? `${address.replace(/%.*$/, '')}/128` : `${four}/32`
}
