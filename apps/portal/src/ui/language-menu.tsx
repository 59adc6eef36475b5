import { Button, Menu } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { type Language, languages } from '../i18n/index.ts'
import { Preferences } from './preferences.tsx'

/** Language and colours on the pages in front of the door. */
export function LanguageMenu() {
  const { t, i18n } = useTranslation()
  const language = languages[i18n.language as Language]
  return (
    <Menu position="bottom-end" closeOnItemClick={false} withInitialFocusPlaceholder={false} withinPortal={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          leftSection={<IconLanguage size={16} aria-hidden />}
          aria-label={`${language}: ${t('menu.language')}, ${t('menu.theme')}`}
        >
          {language}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Preferences />
      </Menu.Dropdown>
    </Menu>
  )
}
