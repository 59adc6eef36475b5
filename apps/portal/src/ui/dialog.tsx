import { CloseButton, Group, Modal, Stack, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface DialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  readonly size?: 'md' | 'lg' | 'xl'
  /** Neither Escape nor a click beside it closes the dialog: something would be lost. */
  readonly firm?: boolean
  readonly children: ReactNode
}

/** A dialog with a title. The library's own header is a `header` element, which would be a second banner of the page. */
export function Dialog({ opened, onClose, title, size = 'md', firm = false, children }: DialogProps) {
  const { t } = useTranslation()
  useFocusGivenBack(opened)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={size}
      closeOnClickOutside={!firm}
      closeOnEscape={!firm}
      withCloseButton={false}
      attributes={{ content: { 'aria-label': title } }}
    >
      <Stack gap="md">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2}>{title}</Title>
          <CloseButton onClick={onClose} aria-label={t('close')} />
        </Group>
        {children}
      </Stack>
    </Modal>
  )
}

/** What had the focus when the dialog came gets it back also where the dialog goes as a whole; where it is only closed the library sees to it. */
function useFocusGivenBack(opened: boolean): void {
  const [opener] = useState(() => document.activeElement)
  const open = useRef(opened)
  useEffect(() => {
    open.current = opened
  }, [opened])
  useEffect(
    () => () => {
      if (!open.current || !(opener instanceof HTMLElement)) return
      setTimeout(() => {
        if (document.activeElement === document.body && opener.isConnected) opener.focus({ preventScroll: true })
      })
    },
    [opener],
  )
}
