import './imports.css'
import { Button, FileButton, Stack, Text } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface FileDropProps {
  readonly onFile: (file: File) => void
  readonly disabled?: boolean
  readonly label: string
}

/** A file, dropped here or chosen by the button; the button alone does everything. */
export function FileDrop({ onFile, disabled = false, label }: FileDropProps) {
  const { t } = useTranslation('custody.imports')
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer.files[0]
    if (file !== undefined && !disabled) onFile(file)
  }
  const drag = (event: DragEvent) => {
    event.preventDefault()
    setOver(!disabled)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the button inside is for everybody
    <div className="file-drop" data-over={over} onDragOver={drag} onDragLeave={() => setOver(false)} onDrop={drop}>
      <Stack align="center" gap="xs">
        <IconFileUpload size={32} stroke={1.5} aria-hidden />
        <FileButton onChange={(file) => file !== null && onFile(file)} accept=".csv,.tsv,.tab,.psv,.ndjson,.jsonl,.json,text/csv,application/json">
          {(props) => (
            <Button {...props} disabled={disabled}>
              {label}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed" ta="center">
          {t('file.about')}
        </Text>
      </Stack>
    </div>
  )
}
