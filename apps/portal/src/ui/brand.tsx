import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export function Brand() {
  const { t } = useTranslation()
  return (
    <Group gap="xs" wrap="nowrap">
      <img src="/icon.svg" alt="" width={24} height={24} />
      <Text fw={600} size="lg">
        {t('brand')}
      </Text>
    </Group>
  )
}
