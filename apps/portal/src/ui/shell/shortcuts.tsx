import { Group, Kbd, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../dialog.tsx'

const shortcuts = [
  { name: 'palette', keys: ['Ctrl', 'K'] },
  { name: 'help', keys: ['?'] },
  { name: 'search', keys: ['/'] },
  { name: 'down', keys: ['j'] },
  { name: 'up', keys: ['k'] },
  { name: 'open', keys: ['Enter'] },
  { name: 'close', keys: ['Esc'] },
] as const

export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog opened onClose={onClose} title={t('shortcuts.title')}>
      <Stack gap="xs">
        {shortcuts.map(({ name, keys }) => (
          <Group key={name} justify="space-between" wrap="nowrap">
            <Text>{t(`shortcuts.${name}`)}</Text>
            <Group gap={4} wrap="nowrap">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Dialog>
  )
}
