import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addView, readViews, removeView } from '../../api.ts'
import { queryClient } from '../../session.ts'
import { ProblemAlert } from '../states.tsx'

interface SavedViewsProps {
  readonly list: string
  /** The view on the screen. */
  readonly view: string
  readonly onOpen: (view: string) => void
}

/** Filters, columns and sorting under a name; one's own, on every device. */
export function SavedViews({ list, view, onOpen }: SavedViewsProps) {
  const { t } = useTranslation()
  const queryKey = ['views', list]
  const { data: views } = useQuery({ queryKey, queryFn: ({ signal }) => readViews(list, signal), retry: false, staleTime: 300_000 })
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState('')
  const again = () => queryClient.invalidateQueries({ queryKey })
  const adding = useMutation({
    mutationFn: addView,
    onSuccess: async () => {
      setName('')
      await again()
    },
  })
  const removing = useMutation({ mutationFn: removeView, onSuccess: again })
  if (views === undefined) return null
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={300} trapFocus returnFocus withinPortal={false}>
      <Popover.Target>
        <Button variant="default" leftSection={<IconBookmark size={16} aria-hidden />} onClick={() => setOpened(!opened)}>
          {t('list.views')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('list.views')}>
        <Stack gap="xs">
          {views.length === 0 ? <Text c="dimmed">{t('list.noViews')}</Text> : null}
          {views.map((saved) => (
            <Group key={saved.id} justify="space-between" wrap="nowrap">
              <UnstyledButton
                className="link"
                aria-current={saved.query === view}
                onClick={() => {
                  setOpened(false)
                  onOpen(saved.query)
                }}
              >
                {saved.name}
              </UnstyledButton>
              <ActionIcon variant="subtle" color="gray" aria-label={t('list.removeView', { name: saved.name })} onClick={() => removing.mutate(saved.id)}>
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <form
            onSubmit={(event) => {
              event.preventDefault()
              adding.mutate({ list, name: name.trim(), query: view })
            }}
          >
            <Stack gap="xs">
              <ProblemAlert error={adding.error ?? removing.error} />
              <TextInput label={t('list.viewName')} required maxLength={80} value={name} onChange={(event) => setName(event.currentTarget.value)} />
              <Button type="submit" variant="default" loading={adding.isPending}>
                {t('list.saveView')}
              </Button>
            </Stack>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
