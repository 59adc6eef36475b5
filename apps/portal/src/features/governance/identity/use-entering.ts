import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { readSession, signOut } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

/** Runs one of the ways of signing in and goes home. Whoever uses a link of their own takes over this browser from whoever was in. */
export function useEntering<Input>(act: (input: Input) => Promise<void>) {
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (input: Input) => {
      if ((await readSession()) !== null) await signOut()
      await act(input)
    },
    onSuccess: async () => {
      queryClient.clear()
      // Replaced, so that no one-time token stays in the history.
      await navigate({ to: '/', replace: true })
    },
  })
}
