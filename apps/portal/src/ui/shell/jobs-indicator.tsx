import { Button } from '@mantine/core'
import { IconLoader } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { importEntries, importsKey, runningImports } from '../../features/custody/imports/queries.ts'
import { abandonUploads, useUploads } from '../../features/custody/imports/uploads.ts'
import { verifyingQuery } from '../../features/custody/vault/queries.ts'
import { useNews } from '../../live.ts'
import { queryClient, useCan } from '../../session.ts'

const verifyEntries = ['vault.verify', 'vault.begin_verification'] as const

/** On top of every page while something long runs: how much, and the way to it. */
export function JobsIndicator() {
  const { t } = useTranslation()
  const can = useCan()
  const reads = can('read', 'import')
  const uploads = useUploads()
  const verifies = can('use', 'vault')
  const verifying = useQuery({ ...verifyingQuery, enabled: verifies }).data ? 1 : 0
  const imports = useQuery({ ...runningImports, enabled: reads }).data ?? []
  useNews(importEntries, (entries) => {
    // A batch of an import that is known to run changes nothing here.
    const known = new Set(imports.map(({ import_id }) => import_id))
    const moved = entries.some(({ body }) => body.type !== 'vault.head' || !known.has(body.object?.id ?? ''))
    if (reads && moved) void queryClient.invalidateQueries({ queryKey: [...importsKey, 'running'] })
  })
  useNews(verifyEntries, () => {
    if (verifies) void queryClient.invalidateQueries({ queryKey: verifyingQuery.queryKey })
  })
  // Behind the door nobody goes on sending for somebody who has left.
  useEffect(() => abandonUploads, [])
  const sending = [...uploads.values()].filter(({ state, id }) => state === 'sending' && !imports.some(({ import_id }) => import_id === id))
  const count = imports.length + sending.length + verifying
  if (count === 0 || !reads) return null
  return (
    <Button component={Link} to="/administration/jobs" variant="light" size="compact-md" leftSection={<IconLoader size={16} aria-hidden />}>
      <span aria-hidden>{count}</span>
      <span className="sr-only">{t('jobsRunning', { count })}</span>
    </Button>
  )
}
