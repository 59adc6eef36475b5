import { Button, type ButtonProps, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { meaning } from '../theme.ts'
import { Dialog } from './dialog.tsx'
import { ProblemAlert } from './states.tsx'

interface ConfirmDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  /** A question that names the act: "Cancel this release?" */
  readonly title: string
  /** What follows, and whether it can be undone. */
  readonly consequence: ReactNode
  /** The act itself, as the button says it: "Cancel the release". Never "OK". */
  readonly confirm: string
  /** Resolves when it is done, which closes the dialog; what it throws is shown. */
  readonly act: () => Promise<unknown>
  /** Further questions: a reason, a name to type. */
  readonly children?: ReactNode
  /** While something is still missing. */
  readonly disabled?: boolean
}

/** Asks before a dangerous act and names its consequence. */
export function ConfirmDialog({ opened, onClose, title, consequence, confirm, act, children, disabled = false }: ConfirmDialogProps) {
  const { t } = useTranslation()
  const acting = useMutation({ mutationFn: act, onSuccess: onClose })
  const close = () => {
    acting.reset()
    onClose()
  }
  return (
    <Dialog opened={opened} onClose={close} title={title}>
      <ProblemAlert error={acting.error} />
      <Text component="div">{consequence}</Text>
      {children}
      <Group justify="flex-end">
        <Button variant="default" onClick={close} data-autofocus>
          {t('keep')}
        </Button>
        <Button color={meaning.deny} onClick={() => acting.mutate()} loading={acting.isPending} disabled={disabled}>
          {confirm}
        </Button>
      </Group>
    </Dialog>
  )
}

type ConfirmButtonProps = Omit<ConfirmDialogProps, 'opened' | 'onClose'> &
  Pick<ButtonProps, 'leftSection'> & { /** What the button on the page says. */ readonly label: string }

/** A dangerous action: a button with its `ConfirmDialog`. */
export function ConfirmButton({ label, leftSection, ...dialog }: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" leftSection={leftSection} onClick={open}>
        {label}
      </Button>
      <ConfirmDialog {...dialog} opened={opened} onClose={close} />
    </>
  )
}
