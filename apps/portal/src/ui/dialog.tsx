import { CloseButton, Group, Modal, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
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
