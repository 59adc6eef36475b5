import { Button, Group } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useCopy } from './use-copy.ts'

/** A text to take elsewhere: a key shown once, a request, a fingerprint. */
export function Copyable({ text, label }: { readonly text: string /** What it is, for screen readers. */; readonly label: string }) {
  const { t } = useTranslation()
  const { copied, copy } = useCopy(text)
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be within reach of the keyboard */}
      <section className="text-block" tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
      <Button
        variant="default"
        size="compact-md"
        onClick={copy}
        leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      >
        {copied ? t('copied') : t('copy')}
      </Button>
    </Group>
  )
}
