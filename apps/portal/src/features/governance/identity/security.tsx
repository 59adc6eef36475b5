import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { ChangePassword } from './change-password.tsx'
import { Enrol, RecoveryCodes } from './enrol.tsx'
import { endOtherSessions, type Factors, factorsQuery, forgetDevice, readFactorsAgain, removeFactor, removePhone, renewRecoveryCodes } from './queries.ts'

/** By what somebody signs in: factors, recovery codes, browsers that are remembered. */
export function SecurityPage() {
  const { t } = useTranslation('governance.identity')
  return (
    <Page title={t('security.title')} about={t('security.about')}>
      <QueryView query={useQuery(factorsQuery())}>{(kept) => <Kept {...kept} />}</QueryView>
    </Page>
  )
}

function Kept({ factors, phone, recovery_codes_left: left, devices }: Factors) {
  const { t } = useTranslation('governance.identity')
  const [adding, setAdding] = useState(false)
  const [changing, setChanging] = useState(false)
  const [codes, setCodes] = useState<readonly string[]>()
  const renewing = useMutation({ mutationFn: renewRecoveryCodes, onSuccess: setCodes })
  const added = (fresh: readonly string[]) => {
    setAdding(false)
    if (fresh.length > 0) setCodes(fresh)
    else void say(t('security.added'))
    void readFactorsAgain()
  }
  return (
    <Stack gap="xl" maw={640}>
      <Stack component="section" gap="sm" aria-labelledby="factors">
        <Title order={2} id="factors">
          {t('security.factors')}
        </Title>
        {factors.length === 0 && phone === null ? <Text>{t('security.noFactors')}</Text> : null}
        {factors.map(({ id, kind, label, created_at, last_used_at }) => (
          <Paper key={id} component="article" withBorder p="md" aria-label={label}>
            <Group justify="space-between" align="flex-start">
              <div>
                <Text>{label}</Text>
                <Text size="sm" c="dimmed">
                  {t(`kind.${kind}`)} · {t('security.since')} <Moment at={created_at} />
                  {last_used_at === null ? null : (
                    <>
                      {' · '}
                      {t('security.used')} <Moment at={last_used_at} />
                    </>
                  )}
                </Text>
              </div>
              <ConfirmButton
                label={t('security.remove.label')}
                title={t('security.remove.title')}
                consequence={t('security.remove.consequence')}
                confirm={t('security.remove.confirm')}
                act={() => removeFactor(id)}
              />
            </Group>
          </Paper>
        ))}
        {phone === null ? null : (
          <Paper component="article" withBorder p="md" aria-label={t('phone.label', { ending: phone.ending })}>
            <Group justify="space-between" align="flex-start">
              <div>
                <Text>{t('phone.label', { ending: phone.ending })}</Text>
                <Text size="sm" c="dimmed">
                  {t('phone.kind')} · {t('security.since')} <Moment at={phone.created_at} />
                </Text>
              </div>
              <ConfirmButton
                label={t('security.remove.label')}
                title={t('phone.remove.title')}
                consequence={t('phone.remove.consequence')}
                confirm={t('phone.remove.confirm')}
                act={() => removePhone(phone.id)}
              />
            </Group>
          </Paper>
        )}
        <Group>
          <Button onClick={() => setAdding(true)}>{t('security.add')}</Button>
        </Group>
      </Stack>
      {factors.length === 0 ? null : (
        <Stack component="section" gap="sm" aria-labelledby="recovery">
          <Title order={2} id="recovery">
            {t('recovery.title')}
          </Title>
          <Text>{t('recovery.left', { count: left })}</Text>
          <ProblemAlert error={renewing.error} />
          <Group>
            <Button variant="default" loading={renewing.isPending} onClick={() => renewing.mutate()}>
              {t('recovery.renew')}
            </Button>
          </Group>
        </Stack>
      )}
      <Stack component="section" gap="sm" aria-labelledby="password">
        <Title order={2} id="password">
          {t('field.password')}
        </Title>
        <Text c="dimmed">{t('security.passwordAbout')}</Text>
        <Group>
          <Button variant="default" onClick={() => setChanging(true)}>
            {t('security.changePassword')}
          </Button>
        </Group>
      </Stack>
      <Stack component="section" gap="sm" aria-labelledby="remembered">
        <Title order={2} id="remembered">
          {t('security.devices')}
        </Title>
        <Text c="dimmed">{t('security.devicesAbout')}</Text>
        {devices.length === 0 ? <Text>{t('security.noDevices')}</Text> : null}
        {devices.map(({ id, agent, created_at, expires_at }) => (
          <Paper key={id} component="article" withBorder p="md" aria-label={agent}>
            <Group justify="space-between" align="flex-start">
              <div>
                <Text>{agent}</Text>
                <Text size="sm" c="dimmed">
                  {t('security.since')} <Moment at={created_at} /> · {t('security.until')} <Moment at={expires_at} />
                </Text>
              </div>
              <ConfirmButton
                label={t('security.forget.label')}
                title={t('security.forget.title')}
                consequence={t('security.forget.consequence')}
                confirm={t('security.forget.confirm')}
                act={() => forgetDevice(id)}
              />
            </Group>
          </Paper>
        ))}
      </Stack>
      <Stack component="section" gap="sm" aria-labelledby="everywhere">
        <Title order={2} id="everywhere">
          {t('security.everywhere')}
        </Title>
        <Group>
          <ConfirmButton
            label={t('security.end.label')}
            title={t('security.end.title')}
            consequence={t('security.end.consequence')}
            confirm={t('security.end.confirm')}
            act={endOtherSessions}
          />
        </Group>
      </Stack>
      <Dialog opened={adding} onClose={() => setAdding(false)} title={t('security.add')}>
        <Enrol onDone={({ recovery_codes }) => added(recovery_codes)} />
      </Dialog>
      <Dialog opened={changing} onClose={() => setChanging(false)} title={t('security.changePassword')}>
        <ChangePassword onDone={() => setChanging(false)} />
      </Dialog>
      <Dialog opened={codes !== undefined} onClose={() => setCodes(undefined)} title={t('recovery.title')} firm>
        <RecoveryCodes codes={codes ?? []} onDone={() => setCodes(undefined)} />
      </Dialog>
    </Stack>
  )
}
