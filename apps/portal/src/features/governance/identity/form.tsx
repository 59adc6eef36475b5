import { Button, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { ProblemAlert } from '../../../ui/states.tsx'

interface FormProps {
  readonly onSubmit: () => void
  readonly submit: string
  readonly pending: boolean
  readonly error: Error | null
  readonly children: ReactNode
}

/** Fields, what went wrong, and one button. The browser checks what is required before anything is sent. */
export function Form({ onSubmit, submit, pending, error, children }: FormProps) {
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
        <Button type="submit" loading={pending} fullWidth>
          {submit}
        </Button>
      </Stack>
    </form>
  )
}
