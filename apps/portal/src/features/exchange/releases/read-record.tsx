import { Alert, Autocomplete, Button, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { IconEyeOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../../../ui/facts.tsx'
import { Page } from '../../../ui/page.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { MaskWords } from '../../governance/policies/mask-words.tsx'
import { purposesQuery, readRecord, type StaffRead } from './queries.ts'

/** A member of staff looks at a record and says why. What comes is on this page alone and is gone with it. */
export function ReadRecordPage() {
  const { t } = useTranslation('exchange.releases')
  const [userId, setUserId] = useState('')
  const [purpose, setPurpose] = useState('')
  const [recordType, setRecordType] = useState('')
  const [found, setFound] = useState<StaffRead>()
  const [error, setError] = useState<Error | null>(null)
  const [reading, setReading] = useState(false)
  const purposes = useQuery(purposesQuery)
  const forget = () => {
    setFound(undefined)
    setUserId('')
  }
  useEffect(() => {
    const leave = () => {
      setFound(undefined)
      setUserId('')
    }
    // A browser may keep a page it has left, to come back to it.
    globalThis.addEventListener('pagehide', leave)
    return () => globalThis.removeEventListener('pagehide', leave)
  }, [])
  const read = async (event: FormEvent) => {
    event.preventDefault()
    setReading(true)
    setError(null)
    setFound(undefined)
    try {
      setFound(await readRecord({ user_id: userId.trim(), purpose: purpose.trim(), ...(recordType.trim() === '' ? {} : { record_type: recordType.trim() }) }))
    } catch (fault) {
      setError(fault as Error)
    } finally {
      setReading(false)
    }
  }
  return (
    <Page title={t('read.title')} about={t('read.about')}>
      <Stack gap="lg">
        <form onSubmit={(event) => void read(event)} autoComplete="off">
          <Stack gap="sm" maw={480}>
            <TextInput
              label={t('read.userId')}
              required
              maxLength={200}
              autoComplete="off"
              value={userId}
              onChange={(event) => setUserId(event.currentTarget.value)}
            />
            <Autocomplete
              label={t('purpose')}
              description={t('read.purposeHint')}
              required
              maxLength={128}
              limit={50}
              data={purposes.data?.map(({ term }) => term) ?? []}
              value={purpose}
              onChange={setPurpose}
            />
            <TextInput
              label={t('recordType')}
              description={t('read.recordTypeHint')}
              maxLength={63}
              value={recordType}
              onChange={(event) => setRecordType(event.currentTarget.value)}
            />
            <Button type="submit" loading={reading} disabled={userId.trim() === '' || purpose.trim() === ''} style={{ alignSelf: 'flex-start' }}>
              {t('read.submit')}
            </Button>
          </Stack>
        </form>
        <ProblemAlert error={error} />
        {found === undefined ? null : <Shown found={found} onForget={forget} />}
      </Stack>
    </Page>
  )
}

function Shown({ found, onForget }: { readonly found: StaffRead; readonly onForget: () => void }) {
  const { t } = useTranslation('exchange.releases')
  return (
    <section aria-labelledby="record">
      <Stack gap="sm">
        <Title order={2} id="record">
          {t('read.record')}
        </Title>
        <Alert icon={<IconEyeOff aria-hidden />} role="status">
          <Stack gap="xs" align="flex-start">
            <Text>{t('read.kept')}</Text>
            <Button variant="default" size="compact-md" onClick={onForget}>
              {t('read.forget')}
            </Button>
          </Stack>
        </Alert>
        <Facts
          facts={[
            { label: t('purpose'), value: found.purpose },
            { label: t('recordType'), value: found.record_type },
            { label: t('decision'), value: <ShortId id={found.decision_id} kind="entry" /> },
          ]}
        />
        <Table.ScrollContainer minWidth={420} type="native">
          <Table aria-labelledby="record">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('field')}</Table.Th>
                <Table.Th scope="col">{t('read.value')}</Table.Th>
                <Table.Th scope="col">{t('mask')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.fields.map(({ name, mask }) => {
                const value = found.record[name]
                return (
                  <Table.Tr key={name}>
                    <Table.Th scope="row">{name}</Table.Th>
                    <Table.Td>{value === null || value === undefined ? '–' : String(value)}</Table.Td>
                    <Table.Td>
                      <MaskWords mask={{ mask }} />
                    </Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Stack>
    </section>
  )
}
