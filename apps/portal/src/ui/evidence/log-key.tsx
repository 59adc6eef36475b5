import { readKey } from '@gatehouse/verify/browser'
import { Button, Group, Stack, Text, Textarea, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../session.ts'
import { ConfirmButton } from '../confirm-button.tsx'
import { Copyable } from '../copyable.tsx'
import { StateChip } from '../state-chip.tsx'
import { forget, pin, recall } from './memory.ts'
import { evidenceKey } from './queries.ts'

/** A key that cannot be pinned, with the word for why. */
class Unfit extends Error {
  readonly why: 'malformed' | 'otherLog' | 'noCryptography'
  constructor(why: Unfit['why']) {
    super(why)
    this.why = why
  }
}

/** The key that this browser holds the log to, and the way to pin one from elsewhere. */
export function LogKey({ vkey, origin }: { readonly vkey: string; readonly origin: string }) {
  const { t } = useTranslation()
  const heading = useId()
  const [typed, setTyped] = useState('')
  const known = recall(globalThis.localStorage, origin)
  const judgeAgain = () => queryClient.resetQueries({ queryKey: evidenceKey })
  const pinning = useMutation({
    async mutationFn(text: string) {
      const key = text.trim()
      const read = await readKey(key)
      if (!read.good) throw new Unfit(read.fault === 'no_cryptography' ? 'noCryptography' : 'malformed')
      if (read.origin !== origin) throw new Unfit('otherLog')
      pin(globalThis.localStorage, origin, key)
      setTyped('')
      await judgeAgain()
    },
  })
  const fault = pinning.error instanceof Unfit ? t(`evidence.key.unfit.${pinning.error.why}`) : undefined
  return (
    <section aria-labelledby={heading}>
      <Stack gap="sm" maw={760}>
        <Group gap="sm">
          <Title order={2} id={heading}>
            {t('evidence.key.title')}
          </Title>
          <StateChip tone={known?.pinned === true ? 'permit' : 'attention'}>
            {t(known?.pinned === true ? 'evidence.key.isPinned' : 'evidence.key.isNot')}
          </StateChip>
        </Group>
        <Text>{t('evidence.key.about')}</Text>
        <Copyable text={known?.key ?? vkey} label={t('evidence.keyId')} />
        <form
          onSubmit={(event) => {
            event.preventDefault()
            pinning.mutate(typed)
          }}
        >
          <Stack gap="xs" align="flex-start">
            <Textarea
              label={t('evidence.key.paste')}
              description={t('evidence.key.hint')}
              w="100%"
              autosize
              required
              maxLength={500}
              spellCheck={false}
              value={typed}
              error={fault}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <Group gap="xs">
              <Button type="submit" variant="default" loading={pinning.isPending}>
                {t('evidence.key.pin')}
              </Button>
              {known === undefined ? null : (
                <ConfirmButton
                  label={t('evidence.key.forget')}
                  title={t('evidence.key.forgetTitle')}
                  consequence={t('evidence.key.forgetConsequence')}
                  confirm={t('evidence.key.forget')}
                  act={async () => {
                    forget(globalThis.localStorage, origin)
                    await judgeAgain()
                  }}
                />
              )}
            </Group>
          </Stack>
        </form>
      </Stack>
    </section>
  )
}
