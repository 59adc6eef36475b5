import { Title } from '@mantine/core'
import { useMatch } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTitle } from './use-title.ts'

/** The page that had the focus last: a reload keeps the browser's own place, and so does a change of filters or tabs. */
let visited: string | undefined

/** The one `h1` of a page. It takes the focus when somebody comes to the page, so that a screen reader begins there. */
export function PageTitle({ title, children }: { /** Also the name of the browser's tab. */ readonly title: string; readonly children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  // The page's own place, not the window's: that changes while the page before still stands.
  const here = useMatch({ strict: false, select: ({ pathname }) => pathname })
  useTitle(title)
  useEffect(() => {
    if (visited !== undefined && visited !== here) heading.current?.focus()
    visited = here
  }, [here])
  return (
    <Title order={1} ref={heading} tabIndex={-1}>
      {children ?? title}
    </Title>
  )
}
