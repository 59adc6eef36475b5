import { Button, Group, Radio, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../ui/states.tsx'
import { changeRule, channels, type Rule } from './queries.ts'

/** How loud a rule is. It begins on trial, and is promoted or demoted by what people said of its alerts. */
export function ChannelChoice({ rule, editable }: { readonly rule: Rule; readonly editable: boolean }) {
  const { t } = useTranslation('insight.alerts')
  const [channel, setChannel] = useState(rule.channel)
  const changing = useMutation({ mutationFn: () => changeRule(rule, { channel }) })
  const send = (event: FormEvent) => {
    event.preventDefault()
    changing.mutate()
  }
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <Radio.Group
          label={t('channelLabel')}
          value={channel}
          onChange={(value) => setChannel(channels.find((one) => one === value) ?? channel)}
          readOnly={!editable}
        >
          <Stack gap="xs" mt="xs">
            {channels.map((value) => (
              <Radio
                key={value}
                value={value}
                label={t(`channel.${value}`)}
                description={t(`channelAbout.${value}`)}
                disabled={!editable && value !== channel}
              />
            ))}
          </Stack>
        </Radio.Group>
        <ProblemAlert error={changing.error} />
        {editable ? (
          <Group>
            <Button type="submit" variant="default" disabled={channel === rule.channel} loading={changing.isPending}>
              {t('changeChannel')}
            </Button>
          </Group>
        ) : null}
      </Stack>
    </form>
  )
}
