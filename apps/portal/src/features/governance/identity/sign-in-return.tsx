import { Anchor, Loader } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { returnFromSso } from '../../../api.ts'
import { Entrance } from '../../../ui/entrance.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { useEntering } from './use-entering.ts'

/** Where a provider sends the browser back to. What it gave is handed to the node once and leaves the address with it. */
export function SignInReturn() {
  const { t } = useTranslation()
  const { provider = '' } = useParams({ strict: false })
  const { mutate, error } = useEntering(returnFromSso)
  const begun = useRef(false)
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    const { location, history } = globalThis
    const given = Object.fromEntries(new URLSearchParams(location.search))
    history.replaceState(history.state, '', location.pathname)
    const { state = '', ...rest } = given
    const members = ['code', 'iss', 'answer', 'error'] as const
    mutate({ provider, state, ...Object.fromEntries(members.flatMap((name) => (rest[name] === undefined ? [] : [[name, rest[name]]]))) })
  }, [mutate, provider])
  return (
    <Entrance
      title={t('signIn.returning')}
      below={
        <Anchor component={Link} to="/sign-in" size="sm">
          {t('signIn.anew')}
        </Anchor>
      }
    >
      {error === null ? <Loader aria-label={t('signIn.returning')} /> : <ProblemAlert error={error} />}
    </Entrance>
  )
}
