import { NavLink } from '@mantine/core'
import { IconHome } from '@tabler/icons-react'
import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { pagesFor, wingsFor } from '../../features/pages.ts'
import { useSession } from '../../session.ts'

/** The wings, and beneath the one where somebody is, its pages. A person concerned sees the own pages and nothing of the house. */
export function Navigation({ onNavigate }: { readonly onNavigate: () => void }) {
  const { t } = useTranslation()
  const session = useSession()
  const here = useLocation({ select: ({ pathname }) => pathname })
  const pages = pagesFor(session).filter(({ nav }) => nav)
  if (session.kind === 'person') {
    return (
      <ul className="nav">
        {pages.map((page) => (
          <li key={page.path}>
            <NavLink
              renderRoot={(props) => <Link {...props} to={page.path} activeOptions={{ exact: true }} />}
              label={t(`page.${page.name}`)}
              leftSection={<page.icon size={18} aria-hidden />}
              onClick={onNavigate}
            />
          </li>
        ))}
      </ul>
    )
  }
  return (
    <ul className="nav">
      <li>
        <NavLink
          component={Link}
          to="/"
          activeOptions={{ exact: true }}
          label={t('home.title')}
          leftSection={<IconHome size={18} aria-hidden />}
          onClick={onNavigate}
        />
      </li>
      {wingsFor(session).map(({ name, icon: Icon }) => (
        <li key={name}>
          <NavLink
            renderRoot={(props) => <Link {...props} to={`/${name}`} activeOptions={{ exact: true }} />}
            label={t(`wing.${name}.name`)}
            leftSection={<Icon size={18} aria-hidden />}
            onClick={onNavigate}
          />
          {here === `/${name}` || here.startsWith(`/${name}/`) ? (
            <ul className="nav">
              {pages
                .filter(({ wing }) => wing === name)
                .map((page) => (
                  <li key={page.path}>
                    <NavLink
                      className="nav-page"
                      renderRoot={(props) => <Link {...props} to={page.path} />}
                      label={t(`page.${page.name}`)}
                      leftSection={<page.icon size={16} aria-hidden />}
                      onClick={onNavigate}
                    />
                  </li>
                ))}
            </ul>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
