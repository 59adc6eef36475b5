import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient, useSession } from '../../../session.ts'
import { Entrance } from '../../../ui/entrance.tsx'
import { useLeaving } from '../../../use-leaving.ts'
import { Enrol, RecoveryCodes } from './enrol.tsx'
import { Prove } from './prove.tsx'

/** The second half of signing in: a factor, or setting one up. */
export function SecondFactor() {
  const { t } = useTranslation('governance.identity')
  const navigate = useNavigate()
  // As it was when the page opened: setting a factor up ends what the session owed, and the codes are still to be shown.
  const session = useSession()
  const [owed] = useState(session.awaits)
  const [codes, setCodes] = useState<readonly string[]>()
  const enter = async () => {
    queryClient.clear()
    await navigate({ to: '/', replace: true })
  }
  const leave = useLeaving()
  if (codes !== undefined) {
    return (
      <Entrance title={t('recovery.title')}>
        <RecoveryCodes codes={codes} onDone={() => void enter()} />
      </Entrance>
    )
  }
  return (
    <Entrance title={t(owed === 'enrolment' ? 'enrol.title' : 'prove.title')} about={t(owed === 'enrolment' ? 'enrol.about' : 'prove.about')}>
      {owed === 'enrolment' ? (
        <Enrol onDone={({ recovery_codes }) => (recovery_codes.length === 0 ? void enter() : setCodes(recovery_codes))} />
      ) : (
        <Prove factors={session.factors} byMail={session.mailed_code} bySms={session.texted_code} onProven={enter} rememberable />
      )}
      <Button variant="subtle" onClick={() => void leave()}>
        {t('leave')}
      </Button>
    </Entrance>
  )
}
