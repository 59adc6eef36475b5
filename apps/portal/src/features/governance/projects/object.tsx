import { Button, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPencil } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan, useSession } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Who } from '../../../ui/who.tsx'
import { Limits } from './limits.tsx'
import { Members } from './members.tsx'
import { type ProjectDetail, projectQuery, projectsKey, rightsInQuery, type Step, takeStep } from './queries.ts'
import { Sees } from './sees.tsx'
import { Sources } from './sources.tsx'
import { ProjectState } from './state.tsx'
import { ChangeTerms } from './terms.tsx'

export function ProjectPage() {
  const { project = '' } = useParams({ strict: false }) as { project?: string }
  useLive(['projects.*', 'access.*', 'identity.change_team'], projectsKey)
  return (
    <QueryView whole query={useQuery(projectQuery(project))}>
      {(found) => <Shown project={found} />}
    </QueryView>
  )
}

/** The steps of a project's life, and the right that each takes. */
const steps: Readonly<Record<ProjectDetail['state'], readonly Step[]>> = {
  draft: ['begin', 'end'],
  active: ['suspend', 'end'],
  suspended: ['resume', 'end'],
  ended: [],
}
const needed = { begin: 'publish', resume: 'publish', suspend: 'update', end: 'update' } as const

function Shown({ project }: { readonly project: ProjectDetail }) {
  const { t } = useTranslation('governance.projects')
  const can = useCan()
  const session = useSession()
  const here = useQuery(rightsInQuery(project.id, session.user?.id))
  const [changing, { open, close }] = useDisclosure()
  const may = (action: string) =>
    can(action, 'project') || (here.data ?? []).some((right) => right.area === 'project' && right.action === action && right.answer === 'yes')
  const changes = may('update') && project.state !== 'ended'
  const tabs = session.user === null ? [] : [{ name: 'sees', label: t('sees.tab'), content: <Sees project={project} /> }]
  return (
    <ObjectPage
      kind="project"
      id={project.id}
      title={project.title}
      chip={<ProjectState state={project.state} />}
      about={t(`aboutState.${project.state}`)}
      actions={
        <>
          {changes ? (
            <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={open}>
              {t('terms.open')}
            </Button>
          ) : null}
          {steps[project.state]
            .filter((step) => may(needed[step]))
            .map((step) => (
              <ConfirmButton
                key={step}
                label={t(`step.${step}.label`)}
                title={t(`step.${step}.title`)}
                consequence={t(`step.${step}.consequence`)}
                confirm={t(`step.${step}.label`)}
                act={() => takeStep(project.id, step)}
              />
            ))}
        </>
      }
      tabs={tabs}
    >
      <Stack gap="xl">
        {project.description === '' ? null : <Text maw={720}>{project.description}</Text>}
        <Facts
          facts={[
            { label: t('purpose'), value: <code>{project.purpose}</code> },
            { label: t('starts'), value: <Moment at={project.starts_at} /> },
            { label: t('ends'), value: <Moment at={project.ends_at} /> },
            { label: t('agreement'), value: project.agreement?.reference ?? null },
            { label: t('proposedBy'), value: <Who id={project.created_by} /> },
          ]}
        />
        <Members project={project} mayChange={changes} />
        <Sources project={project} mayChange={changes} />
        <Limits project={project.id} mayChange={may('publish') && project.state !== 'ended'} />
      </Stack>
      {changing ? <ChangeTerms project={project} onClose={close} /> : null}
    </ObjectPage>
  )
}
