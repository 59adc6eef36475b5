import { Button, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { ProblemAlert } from '../../../ui/states.tsx'

interface FormProps {
  readonly onSubmit: () => void
  readonly submit: string
  readonly pending: boolean
  readonly error: Error | null
  /** While something is missing that the browser does not check by itself. */
  readonly disabled?: boolean
  readonly children: ReactNode
}

/** Fields, what went wrong, and one button. The browser checks what is required before anything is sent. */
export function Form({ onSubmit, submit, pending, error, disabled = false, children }: FormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <Stack gap="md">
        <ProblemAlert error={error} />
        {children}
        <Button type="submit" loading={pending} disabled={disabled} fullWidth>
          {submit}
        </Button>
      </Stack>
    </form>
  )
}
