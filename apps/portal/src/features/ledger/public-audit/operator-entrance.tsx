import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

interface OperatorEntranceProps {
  /** Whether a key was tried that does not open the log. */
  readonly refused: boolean
  readonly onKey: (key: string) => void
}

/** The node's log is open to operators, who have a key and no account: it is held by the page alone, and never kept. */
export function OperatorEntrance({ refused, onKey }: OperatorEntranceProps) {
  const { t } = useTranslation('ledger.public-audit')
  const [key, setKey] = useState('')
  return (
    <section aria-labelledby="operator">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onKey(key.trim())
        }}
      >
        <Stack gap="sm" maw={560} align="flex-start">
          <Title order={2} id="operator">
            {t('operator.title')}
          </Title>
          <Text>{t('operator.about')}</Text>
          <PasswordInput
            label={t('operator.key')}
            description={t('operator.keyAbout')}
            w="100%"
            required
            maxLength={200}
            autoComplete="off"
            value={key}
            error={refused ? t('operator.refused') : undefined}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          <Button type="submit">{t('operator.open')}</Button>
        </Stack>
      </form>
    </section>
  )
}
