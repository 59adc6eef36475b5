import { Alert, Button, Group, Stack, Tabs, Text } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Diff } from '../../../ui/diff/diff.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Who } from '../../../ui/who.tsx'
import { merge } from './merge.ts'
import type { Version } from './queries.ts'

interface ConflictProps {
  /** What both began with. */
  readonly base: Version
  readonly theirs: Version
  /** `undefined` while the text is no JSON. */
  readonly mine: unknown
  /** Goes on from their version with this document. */
  readonly onGoOn: (document: unknown) => void
}

/** Somebody else was quicker. Both versions are shown, and nothing is lost until it is chosen so. */
export function Conflict({ base, theirs, mine, onGoOn }: ConflictProps) {
  const { t } = useTranslation('governance.policies')
  const { document, contested } = merge(base.document, mine, theirs.document)
  const tabs = [
    { name: 'theirs', before: base.document, after: theirs.document },
    { name: 'mine', before: base.document, after: mine },
    { name: 'together', before: theirs.document, after: document },
  ] as const
  return (
    <Alert role="alert" variant="default" icon={<IconUsers aria-hidden />} title={t('conflict.title', { version: theirs.version })}>
      <Stack gap="sm">
        <Text>
          <Who id={theirs.author} /> · <Moment at={theirs.created_at} />. {t('conflict.about')}
        </Text>
        <Tabs defaultValue="theirs" keepMounted={false}>
          <Tabs.List className="tabs">
            {tabs.map(({ name }) => (
              <Tabs.Tab key={name} value={name}>
                {t(`conflict.${name}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map(({ name, before, after }) => (
            <Tabs.Panel key={name} value={name} pt="sm">
              {mine === undefined && name !== 'theirs' ? (
                <Text>{t('conflict.noJson')}</Text>
              ) : (
                <Diff label={t(`conflict.${name}`)} before={before} after={after} />
              )}
            </Tabs.Panel>
          ))}
        </Tabs>
        {contested.length === 0 || mine === undefined ? null : (
          <Text>
            {t('conflict.contested')}{' '}
            {contested.map((pointer) => (
              <code key={pointer}>{pointer} </code>
            ))}
          </Text>
        )}
        <Group gap="xs">
          <Button onClick={() => onGoOn(document)} disabled={mine === undefined}>
            {t('conflict.reapply')}
          </Button>
          <Button variant="default" onClick={() => onGoOn(mine)} disabled={mine === undefined}>
            {t('conflict.keepMine')}
          </Button>
          <ConfirmButton
            label={t('conflict.discard')}
            title={t('conflict.discardTitle')}
            consequence={t('conflict.discardConsequence')}
            confirm={t('conflict.discardConfirm')}
            act={async () => onGoOn(theirs.document)}
          />
        </Group>
      </Stack>
    </Alert>
  )
}
