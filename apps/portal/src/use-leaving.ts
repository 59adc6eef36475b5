import { useNavigate } from '@tanstack/react-router'
import { signOut } from './api.ts'
import { queryClient } from './session.ts'

/** Ends the session, here and where it began, and shows nothing more of what was inside, whatever the node says. */
export function useLeaving(): () => Promise<void> {
  const navigate = useNavigate()
  return async () => {
    const elsewhere = await signOut().catch(() => null)
    queryClient.clear()
    if (elsewhere === null) await navigate({ to: '/sign-in', replace: true })
    else globalThis.location.assign(elsewhere)
  }
}
