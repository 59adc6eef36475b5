import './drop-files.css'
import { Button, FileButton, Stack, Text } from '@mantine/core'
import { IconFileSearch } from '@tabler/icons-react'
import { useState } from 'react'

interface DropFilesProps {
  readonly invitation: string
  readonly choose: string
  readonly busy: boolean
  readonly onFiles: (files: readonly File[]) => void
}

/** A place for files that are checked here and never sent. */
export function DropFiles({ invitation, choose, busy, onFiles }: DropFilesProps) {
  const [over, setOver] = useState(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for the button inside, which the keyboard reaches
    <div
      className="drop-files"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onFiles([...event.dataTransfer.files])
      }}
    >
      <Stack align="center" gap="xs" p="lg">
        <Text ta="center">{invitation}</Text>
        <FileButton multiple onChange={(files) => files.length > 0 && onFiles(files)}>
          {(props) => (
            <Button {...props} variant="default" loading={busy} leftSection={<IconFileSearch size={16} aria-hidden />}>
              {choose}
            </Button>
          )}
        </FileButton>
      </Stack>
    </div>
  )
}
